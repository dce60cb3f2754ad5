package main

import (
	"strings"
	"testing"
)

// A member's text can neither command the terminal nor break a line.
func TestLegible(t *testing.T) {
	for in, want := range map[string]string{
		"liste T4.xlsx": "liste T4.xlsx", "a\x1b[2Jb": "a\uFFFD[2Jb", "a\nb\tc": "a b c", "fact\u202Exslx.exe": "fact\uFFFDxslx.exe", "لائحة": "لائحة", "\u009b31m": "\uFFFD31m",
	} {
		if got := legible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Lines fit the terminal and lose nothing but the spaces they are broken at.
func TestWrapped(t *testing.T) {
	a := &app{}
	a.Color, a.Width = true, 40
	line := "  " + a.paint(red, "[erreur]") + " Accueil!G5: " + strings.Repeat("une phrase assez longue ", 6) + strings.Repeat("x", 60)
	got := a.wrapped(line, 4)
	for n, l := range strings.Split(got, "\n") {
		if visible(strings.TrimRight(l, " ")) > 40 && !strings.Contains(l, "xxxx") {
			t.Errorf("line %d takes %d: %q", n, visible(l), l)
		}
		if n > 0 && !strings.HasPrefix(l, "    ") {
			t.Errorf("line %d isn't under the text: %q", n, l)
		}
	}
	if flat := strings.Join(strings.Fields(got), " "); flat != strings.Join(strings.Fields(line), " ") {
		t.Errorf("changed: %q", flat)
	}
	if a.Color = false; a.wrapped(line, 4) != line {
		t.Error("wrapped where nobody reads it on a terminal")
	}
}
