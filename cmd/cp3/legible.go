package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// legible is a text of a member's, a file name or a cell, as it may be printed:
// what would move the cursor, recolour the screen or turn the line around is shown
// as a sign in its place.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// wrapped breaks a line between words so that it fits the terminal, what follows
// the first line under its text. Colours take no room.
func (a *app) wrapped(line string, indent int) string {
	if a.Width < 40 || !a.Color {
		return line
	}
	var b strings.Builder
	used := 0
	for i, word := range strings.SplitAfter(line, " ") {
		n := visible(word)
		if used+visible(strings.TrimRight(word, " ")) > a.Width && i > 0 && used > indent {
			b.WriteString("\n" + strings.Repeat(" ", indent))
			used = indent
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}

// visible is how many characters of a text are seen.
func visible(s string) int {
	n := utf8.RuneCountInString(s)
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return n
		}
		end := strings.IndexByte(s[i:], 'm')
		if end < 0 {
			return n
		}
		n -= end + 1
		s = s[i+end+1:]
	}
}
