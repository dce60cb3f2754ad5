package fold

import "testing"

func TestKeyJoinsSpellings(t *testing.T) {
	same := [][]string{
		{"Prénom(s)", "PRENOM S", "prenom\u00a0(s) ", "Pre\u0301nom  (S)"},
		{"N'Guessan", "NGUESSAN", "N’Guessan"},
		{"Ouédraogo", "OUEDRAOGO"},
		{"الاسم", "الإسم", "الاســـم"},
		{"٢٠٢٠", "2020"},
		{"Œuvre", "oeuvre"},
	}
	for _, group := range same {
		for _, s := range group[1:] {
			if Key(s) != Key(group[0]) {
				t.Errorf("Key(%q) = %q, Key(%q) = %q", s, Key(s), group[0], Key(group[0]))
			}
		}
	}
	if Key("Nom") == Key("Prénom") {
		t.Error("different words share a key")
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Prénom(s)", "الإســم", "\u200bA\u0301 b", "İ", "ß", "१२", "\xff", "ﷺ", "ᾳ", "ẛ̣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if k := Key(s); Key(k) != k {
			t.Errorf("Key is not idempotent on %q: %q then %q", s, k, Key(k))
		}
		if k := Tidy(s); Tidy(k) != k {
			t.Errorf("Tidy is not idempotent on %q: %q then %q", s, k, Tidy(k))
		}
	})
}
