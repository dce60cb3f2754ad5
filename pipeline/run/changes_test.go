package run

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rowsOf are mentions that each say something of their own.
func rowsOf(names ...string) []description {
	var all []description
	for _, n := range names {
		all = append(all, description{mention: n, exact: "exact " + n, placed: "placed " + n})
	}
	return all
}

// living is a registry over several nights.
type living struct {
	*registry
	before map[string]string
}

// night assigns ids to clusters of rows and returns what changed.
func (l *living) night(said []description, clusters ...[]string) []change {
	c := l.census(said)
	for n, rows := range clusters {
		p := person{number: int32(n), mentions: rows}
		for _, m := range rows {
			p.keys, p.also = append(p.keys, "exact "+m), append(p.also, "placed "+m)
			c.of[slices.IndexFunc(said, func(d description) bool { return d.mention == m })] = int32(n)
		}
		slices.Sort(p.keys)
		c.people, c.open, c.ids = append(c.people, p), append(c.open, true), append(c.ids, "")
	}
	learn := c.name()
	changes := newComparison(c).changes()
	l.learnAll(learn)
	l.before = map[string]string{}
	for i, d := range said {
		l.before[d.mention] = c.ids[c.of[i]]
	}
	return changes
}

// census begins one of rows that go under the ids of the night before.
func (l *living) census(said []description) *census {
	c := &census{said: slices.Clone(said), of: make([]int32, len(said)), registry: l.registry}
	for i := range c.said {
		c.said[i].was = l.before[c.said[i].mention]
	}
	return c
}

func TestMergesAndSplitsAreTold(t *testing.T) {
	l := &living{registry: newRegistry(), before: map[string]string{}}
	said := rowsOf("a", "b", "c", "d")
	if got := l.night(said[:3], []string{"a"}, []string{"b", "c"}); len(got) != 0 {
		t.Fatalf("the first night changed somebody: %+v", got)
	}
	a, bc := l.before["a"], l.before["b"]

	got := l.night(said, []string{"a", "b", "c", "d"}) // a new row ties them together
	old, young := a, bc
	if l.before["a"] == bc {
		old, young = bc, a
	}
	if len(got) != 1 || got[0].kind != idsMerged || got[0].from != young || got[0].into != old {
		t.Fatalf("merged: %+v", got)
	}

	got = l.night(said, []string{"a", "d"}, []string{"b", "c"})
	if len(got) != 1 || got[0].kind != idSplit || got[0].from != old || got[0].into == young {
		t.Fatalf("split: %+v; the younger id was %s", got, young)
	}
	apart := got[0].into
	got = l.night(said, []string{"a"}, []string{"b", "c", "d"})
	if len(got) != 1 || got[0].kind != rowsMoved || got[0].mentions != 1 {
		t.Fatalf("one row went over: %+v", got)
	}
	if l.before["a"] == l.before["b"] || !slices.Contains([]string{old, apart}, l.before["a"]) {
		t.Fatalf("ids after it: %v", l.before)
	}

	// The files sent again: other rows, the same words.
	moved := rowsOf("a", "b", "c", "d")
	for i := range moved {
		moved[i].mention += "'"
	}
	again := l.census(moved)
	again.open, again.ids = []bool{true}, []string{""}
	g := newComparison(again)
	want := map[string]string{"a'": l.before["a"], "b'": l.before["b"], "c'": l.before["c"], "d'": l.before["d"]}
	if d := cmp.Diff(want, g.before); d != "" {
		t.Errorf("rows that moved are not recognised (-want +got):\n%s", d)
	}
}

// Two rows that say the same were two persons for a human: each keeps an id while
// they are, and the old one stands again when they are one.
func TestSharedDescriptionsKeepTheirIDs(t *testing.T) {
	g := newRegistry()
	one := []person{{keys: []string{"k"}, also: []string{"p1", "p2"}, mentions: []string{"1", "2"}}}
	ids, learn := g.assign(one)
	g.learnAll(learn)
	whole := ids[0]
	two := []person{{keys: []string{"p1"}, also: []string{"k"}, mentions: []string{"1"}}, {keys: []string{"p2"}, also: []string{"k"}, mentions: []string{"2"}}}
	ids, learn = g.assign(two)
	g.learnAll(learn)
	if ids[0] == ids[1] || !slices.Contains(ids, whole) {
		t.Fatalf("told apart: %v; they were %s", ids, whole)
	}
	if again, learn := g.assign(two); !slices.Equal(again, ids) || len(learn) != 0 {
		t.Fatalf("another night: %v then %v", ids, again)
	}
	if again, _ := g.assign(one); again[0] != whole {
		t.Fatalf("one again: %v; want %s", again, whole)
	}
}

func TestDecisionsAreAboutWords(t *testing.T) {
	p := describer{mac: hmac.New(sha256.New, []byte("secret"))}
	say := func(mention, name, birth, precision, number, phone, place string) description {
		d := description{mention: mention}
		p.key(&d, []string{name, "", "", "F", birth, precision, "GIN", "", number, phone}, place)
		return d
	}
	rich := say("1", "DIALLO Awa", "1990-02-03", "jour", "A1", "0611", "EN")
	thin := say("2", "DIALO Awa", "1990-01-01", "annee", "", "", "ANAPEC")
	a, b, err := keysOf([]description{rich}, []description{thin})
	if err != nil {
		t.Fatal(err)
	}
	body := pairBody{A: a, B: b}
	for name, c := range map[string]struct {
		said description
		a, b bool
	}{
		"the same row":                    {rich, true, false},
		"elsewhere":                       {say("9", "DIALLO Awa", "1990-02-03", "jour", "A1", "0611", "OFPPT"), true, false},
		"another telephone":               {say("9", "Awa Diallo", "1990-02-03", "jour", "A1", "0699", "EN"), true, false},
		"another paper":                   {say("9", "DIALLO Awa", "1990-02-03", "jour", "B2", "0611", "EN"), false, false},
		"thin, in its report":             {thin, false, true},
		"thin, in another report":         {say("9", "DIALO Awa", "1990-01-01", "annee", "", "", "EN"), false, false},
		"as thin, of another year":        {say("9", "DIALO Awa", "1991-01-01", "annee", "", "", "ANAPEC"), false, false},
		"in capitals and without accents": {say("9", "diallo awa", "1990-02-03", "jour", "a1", "0611", "EN"), true, false},
	} {
		x, y := body.sidesOf([]description{c.said})
		if (len(x) == 1) != c.a || (len(y) == 1) != c.b {
			t.Errorf("%s: %v and %v", name, x, y)
		}
	}
	// Two persons in one form's words: told apart by the report.
	twin := say("3", "DIALLO Awa", "1990-02-03", "jour", "A1", "0611", "OFPPT")
	a, b, err = keysOf([]description{rich}, []description{twin})
	if err != nil || len(a) != 1 || a[0] != rich.placed || len(b) != 1 || b[0] != twin.placed {
		t.Errorf("the same words in two reports: %v, %v, %v", a, b, err)
	}
	if _, _, err := keysOf([]description{rich}, []description{rich}); err == nil {
		t.Error("the same words in the same report were told apart")
	}
}
