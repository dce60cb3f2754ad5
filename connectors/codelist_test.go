package connectors

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Every shipped list loads, and each of its spellings leads back to its code.
func TestShippedCodeLists(t *testing.T) {
	lists, err := Lists()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sex", "yes_no", "status", "doc_type", "nationality", "region", "province"} {
		if lists[name] == nil {
			t.Errorf("no list %s", name)
		}
	}
	for name, l := range lists {
		for _, c := range l.Codes {
			for _, s := range c.spellings() {
				if got, ok := l.Find(s); !ok || got.Code != c.Code {
					t.Errorf("%s: Find(%q) = %q, %v; want %q", name, s, got.Code, ok, c.Code)
				}
			}
			if got, ok := l.Get(c.Code); !ok || got.Code != c.Code {
				t.Errorf("%s: Get(%q) = %q, %v", name, c.Code, got.Code, ok)
			}
		}
	}
}

func TestListKey(t *testing.T) {
	same := [][]string{
		{"Aïn Sebaâ", "ain-sebaa", "AINSEBAA"},
		{"Réfugié(e)", "réfugiée"},
		{"Côte d'Ivoire", "COTE D IVOIRE", "Côte d’Ivoire"},
		{"السنغال", "سنغال"},
		{"1.2", "1,2", "١.٢"},
		{"✔️", "✔"},
	}
	for _, group := range same {
		for _, s := range group[1:] {
			if ListKey(s) != ListKey(group[0]) {
				t.Errorf("ListKey(%q) = %q, ListKey(%q) = %q", s, ListKey(s), group[0], ListKey(group[0]))
			}
		}
	}
	for _, pair := range [][2]string{{"1.2", "12"}, {"Niger", "Nigeria"}, {"الا", "ا"}, {"✓", "✗"}} {
		if ListKey(pair[0]) == ListKey(pair[1]) {
			t.Errorf("%q and %q share the key %q", pair[0], pair[1], ListKey(pair[0]))
		}
	}
}

func TestLoadListsRefuses(t *testing.T) {
	const good = "name: couleur\ncodes:\n  - code: R\n    label: {fr: Rouge, ar: أحمر}\n"
	tests := []struct{ name, yaml, says string }{
		{"unknown key", good + "colour: x\n", "colour"},
		{"another name", strings.Replace(good, "couleur", "coleur", 1), `write "couleur"`},
		{"no code", "name: couleur\ncodes: []\n", "at least one"},
		{"no label", "name: couleur\ncodes:\n  - code: R\n", "label.fr"},
		{"two meanings", good + "  - code: V\n    label: {fr: Vert}\n    aliases: [ROUGE]\n", "already means R"},
		{"code twice", good + "  - code: R\n    label: {fr: Rubis}\n", "given twice"},
		{"mute alias", good + "  - code: V\n    label: {fr: Vert}\n    aliases: ['--']\n", "nothing to compare"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadLists(fstest.MapFS{"couleur.yaml": {Data: []byte(tt.yaml)}})
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "lists/couleur.yaml") {
				t.Errorf("error %v; want one that names the file and says %q", err, tt.says)
			}
		})
	}
	if _, err := LoadLists(fstest.MapFS{"couleur.yaml": {Data: []byte(good)}}); err != nil {
		t.Errorf("a good list is refused: %v", err)
	}
}

func TestNearest(t *testing.T) {
	l := &CodeList{Codes: []Code{
		{Code: "SEN", Aliases: []string{"Sénégal", "Sénégalaise"}},
		{Code: "CMR", Aliases: []string{"Cameroun", "Camerounaise"}},
		{Code: "COG", Aliases: []string{"Congo-Brazzaville"}},
		{Code: "COD", Aliases: []string{"Congo-Kinshasa"}},
	}}
	tests := []struct{ text, want string }{
		{"Sengal", "SEN"},
		{"CAMEROUNNAISE", "CMR"},
		{"senegalèse", "SEN"},
		{"Congo", "COG COD"},
		{"Wakanda", ""},
		{"xx", ""},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range l.Nearest(tt.text, 3) {
			got = append(got, c.Code)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("Nearest(%q) = %v; want %q", tt.text, got, tt.want)
		}
	}
	if got := l.Nearest("Congo", 1); len(got) != 1 {
		t.Errorf("asked for one proposal, got %d", len(got))
	}
}

// The bound that spares most comparisons never hides a proposal, and Jaro-Winkler
// gives the values published with it.
func TestLikeness(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"martha", "marhta", 0.961}, {"dwayne", "duane", 0.840}, {"dixon", "dicksonx", 0.813},
	} {
		a, b := lettersOf(tt.a), lettersOf(tt.b)
		got := winkler(jaro(a.runes, b.runes), commonPrefix(a.runes, b.runes))
		if got < tt.want-0.0006 || got > tt.want+0.0006 {
			t.Errorf("Jaro-Winkler of %s and %s is %.4f, want %.3f", tt.a, tt.b, got, tt.want)
		}
	}
	lists, err := Lists()
	if err != nil {
		t.Fatal(err)
	}
	keys := append(lists["nationality"].spelt(), lists["institution"].spelt()...)
	for i := 0; i < len(keys); i += 41 {
		for _, b := range keys {
			if a := keys[i]; jaro(a.runes, b.runes) > mostJaro(a.letters, b.letters)+1e-9 {
				t.Fatalf("the bound of %q and %q is too low", string(a.runes), string(b.runes))
			}
		}
	}
}
