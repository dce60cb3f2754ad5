package run

import (
	"crypto/hmac"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"testing"
)

func newRegistry() *registry {
	return &registry{secret: []byte("secret"), byKey: map[string]issuedID{}, issued: map[string]bool{}}
}

// learnAll does what the database does between runs.
func (g *registry) learnAll(rows []newRow) {
	first := map[string]int{}
	for _, k := range g.byKey {
		if n, ok := first[k.id]; !ok || k.order < n {
			first[k.id] = k.order
		}
	}
	next := len(g.byKey) + len(g.issued)
	for _, r := range rows {
		n, ok := first[r.id]
		if !ok {
			n = next
			next++
			first[r.id] = n
		}
		g.byKey[r.key] = issuedID{r.id, n}
		g.issued[r.id] = true
	}
}

func who(keys ...string) person { return person{keys: keys, mentions: keys} }

func TestIDsOutliveChanges(t *testing.T) {
	g := newRegistry()
	ids, learn := g.assign([]person{who("a"), who("b"), who("c", "d")})
	g.learnAll(learn)
	a, b, cd := ids[0], ids[1], ids[2]

	again, learn := g.assign([]person{who("c", "d"), who("b"), who("a")})
	if !slices.Equal(again, []string{cd, b, a}) || len(learn) != 0 {
		t.Fatalf("the same people again: %v, learnt %v", again, learn)
	}

	merged, learn := g.assign([]person{who("a", "b"), who("c", "d", "e")})
	g.learnAll(learn)
	if merged[0] != a && merged[0] != b || merged[1] != cd {
		t.Fatalf("merged: %v", merged)
	}

	split, learn := g.assign([]person{who("a"), who("b"), who("c"), who("d", "e")})
	g.learnAll(learn)
	seen := map[string]bool{}
	for _, id := range split {
		if seen[id] {
			t.Fatalf("two people share an id after a split: %v", split)
		}
		seen[id] = true
	}
	if !seen[merged[0]] || !seen[cd] {
		t.Fatalf("after a split nobody kept the id: %v", split)
	}
	stable, learn := g.assign([]person{who("a"), who("b"), who("c"), who("d", "e")})
	if !slices.Equal(stable, split) || len(learn) != 0 {
		t.Fatalf("not stable after a split: %v then %v", split, stable)
	}
}

// Random merges and splits, in random order: two people never share an id, the
// same people keep theirs, and the order of the list changes nothing.
func TestIDsAreNobodyElses(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	g := newRegistry()
	keys := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	for round := range 300 {
		groups := map[int][]string{}
		for _, k := range keys {
			n := rng.IntN(6)
			groups[n] = append(groups[n], k)
		}
		var people []person
		for n := range 6 {
			if len(groups[n]) > 0 {
				people = append(people, who(groups[n]...))
			}
		}
		issued := len(g.issued)
		shuffled := slices.Clone(people)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		probe := &registry{secret: g.secret, byKey: g.byKey, issued: map[string]bool{}}
		for id := range g.issued {
			probe.issued[id] = true
		}
		other, _ := probe.assign(shuffled)
		ids, learn := g.assign(people)
		for i, p := range people {
			j := slices.IndexFunc(shuffled, func(q person) bool { return q.keys[0] == p.keys[0] })
			if ids[i] != other[j] {
				t.Fatalf("round %d: the order of the list decides an id", round)
			}
			if slices.Index(ids, ids[i]) != i {
				t.Fatalf("round %d: two people share %s", round, ids[i])
			}
		}
		g.learnAll(learn)
		again, learn := g.assign(people)
		if !slices.Equal(again, ids) || len(learn) != 0 {
			t.Fatalf("round %d: the same people got other ids", round)
		}
		if len(g.issued) < issued {
			t.Fatal("an issued id was forgotten")
		}
	}
}

func TestDescriptionsAreKeyed(t *testing.T) {
	exact := func(secret string, names ...string) string {
		p, d := describer{mac: hmac.New(sha256.New, []byte(secret))}, description{}
		p.key(&d, append(names, make([]string, 10-len(names))...), "")
		return d.exact
	}
	one := exact("one", "Diallo", "Mamadou")
	if len(one) != keyDigits || one == exact("two", "Diallo", "Mamadou") {
		t.Error("the key does not depend on the secret")
	}
	if one != exact("one", "DIALLO ", "mamadou") {
		t.Error("case and spaces change the key")
	}
	if one == exact("one", "Mamadou", "Diallo") {
		t.Error("the key does not depend on what is whose name")
	}
}
