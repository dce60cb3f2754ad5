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
		if k, want := Key(s), key(s); k != want {
			t.Errorf("the quick key of %q is %q, the general one %q", s, k, want)
		}
		if k, want := Tidy(s), tidy(s); k != want {
			t.Errorf("%q taken for tidy; it should be %q", s, want)
		}
	})
}

// Every character of the quick table alone, doubled and between others: the
// quick way is the general one.
func TestQuickWayAgrees(t *testing.T) {
	for r := rune(0); r < 0x700; r++ {
		c := string(r)
		for _, s := range []string{c, c + c, "a" + c, c + "b", "a" + c + " " + c + "b", "e" + c + "\u0301"} {
			if Key(s) != key(s) {
				t.Errorf("Key(%q) = %q, in general %q", s, Key(s), key(s))
			}
			if Tidy(s) != tidy(s) {
				t.Errorf("Tidy(%q) = %q, in general %q", s, Tidy(s), tidy(s))
			}
		}
	}
}

func BenchmarkKey(b *testing.B) {
	for _, s := range []string{"Date de naissance", "Prénom(s)", "الاسم العائلي", "N° du document"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Key(s)
			}
		})
	}
}
