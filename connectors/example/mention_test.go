package example

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"cp3/pipeline/fold"
)

// hands are all the hands of the example.
func hands() map[string]hand {
	m := map[string]hand{}
	plan := NewPlan(Seed)
	for _, f := range centreFiles(plan) {
		m[f.Path] = f.hand
	}
	for _, f := range agencyFiles(plan) {
		m[f.Path] = f.hand
	}
	m["nouveau"] = arab.with(func(h *hand) { h.oddities = Tatweel })
	return m
}

// However a person is written, the clue is whole and the names are ones that the
// person really goes by, in one order or the other.
func TestMentionsKeepTheClueAndTheNames(t *testing.T) {
	persons := NewPlan(Seed).Persons
	altered := 0
	for where, h := range hands() {
		d := newDraw(7).fork(where)
		for _, p := range persons {
			m := h.mention(p, d)
			switch p.Clue {
			case ByDocument:
				if got := bareNumber(m["doc_number"].text); got != bareNumber(p.DocNumber) {
					t.Fatalf("%s: %s is known by a document and it reads %q", where, p.ID, m["doc_number"].text)
				}
			case ByBirth:
				if want := written(p.Birth, h.births); m["birth_date"].text != want.text || m["birth_date"].date != want.date {
					t.Fatalf("%s: %s is known by birth date and phone and the date reads %+v", where, p.ID, m["birth_date"])
				}
				if want := h.phoneOf(p); fmt.Sprint(m["phone"]) != fmt.Sprint(want) {
					t.Fatalf("%s: %s is known by birth date and phone and the phone reads %+v", where, p.ID, m["phone"])
				}
			}
			f, g := fold.Key(m["family_name"].text), fold.Key(m["given_name"].text)
			if !(goesBy(p.Family, f) && goesBy(p.Given, g) || goesBy(p.Family, g) && goesBy(p.Given, f)) {
				t.Fatalf("%s: %s %s is written %q %q", where, p.Family, p.Given, f, g)
			}
			if f != fold.Key(p.Family.String()) || g != fold.Key(p.Given.String()) {
				altered++
			}
		}
	}
	if altered < len(persons) {
		t.Errorf("only %d mentions are respelt: too easy", altered)
	}
}

// goesBy reports whether a name may be spelt so.
func goesBy(n Name, key string) bool {
	for _, s := range append([]string{n.Arabic}, n.Spellings...) {
		if k := fold.Key(s); k == key || strings.ReplaceAll(k, " ", "") == strings.ReplaceAll(key, " ", "") {
			return true
		}
	}
	return false
}

func bareNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// Two names of one part of the world never share a spelling.
func TestNamesDontShareSpellings(t *testing.T) {
	for i, o := range names().Groups {
		for what, list := range map[string][]Name{"families": o.Families, "women": o.Women, "men": o.Men} {
			whose := map[string]string{}
			for _, n := range list {
				for _, s := range n.Spellings {
					k := fold.Key(s)
					if other, ok := whose[k]; ok && other != n.String() {
						t.Errorf("group %d, %s: %s and %s are both spelt %q", i, what, other, n, s)
					}
					whose[k] = n.String()
				}
			}
		}
		for nat := range o.From {
			if names().Nationalities[nat].Country == "" {
				t.Errorf("group %d: nobody knows how to write %s", i, nat)
			}
		}
	}
}
