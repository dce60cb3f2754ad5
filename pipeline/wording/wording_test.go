package wording

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every language says the same things: the same keys, the same parts, the same
// placeholders. A missing translation is a test failure, not a French sentence in
// an Arabic answer.
func TestLanguagesAgree(t *testing.T) {
	for _, lang := range Languages {
		if _, err := load(lang); err != nil {
			t.Fatal(err)
		}
	}
	if len(Keys("fr")) == 0 {
		t.Fatal("the French catalogue is empty")
	}
	for _, lang := range Languages[1:] {
		if d := cmp.Diff(Keys("fr"), Keys(lang)); d != "" {
			t.Errorf("fr and %s don't have the same keys (-fr +%s):\n%s", lang, lang, d)
		}
	}
	for _, key := range Keys("fr") {
		fr, _ := Lookup("fr", key)
		if fr.Text == "" && (fr.Title == "" || fr.Problem == "") {
			t.Errorf("fr %s: a rule needs a title and a problem", key)
		}
		if p := Placeholders(fr.Title); len(p) > 0 {
			t.Errorf("fr %s: the title is published, it can't hold %v", key, p)
		}
		for _, lang := range Languages[1:] {
			e, _ := Lookup(lang, key)
			for part, pair := range map[string][2]string{
				"text": {fr.Text, e.Text}, "title": {fr.Title, e.Title}, "problem": {fr.Problem, e.Problem}, "action": {fr.Action, e.Action},
			} {
				if (pair[0] == "") != (pair[1] == "") || !slices.Equal(Placeholders(pair[0]), Placeholders(pair[1])) {
					t.Errorf("%s %s: %s does not match French: %q / %q", lang, key, part, pair[1], pair[0])
				}
			}
		}
	}
}
