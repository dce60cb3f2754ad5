package main

import (
	"fmt"
	"strconv"
	"strings"

	"cp3/pipeline/run"
)

// printFollowUp prints the committee's table: every indicator, and below those
// that are broken down, one line a sex.
func (a *app) printFollowUp(lines []run.FollowUpLine, year int) {
	head := []string{a.say("head.code"), a.say("head.label"), a.say("head.sex"), a.say("head.base"), strconv.Itoa(year - 1), strconv.Itoa(year),
		a.say("head.target"), a.say("head.final"), a.say("head.rate"), a.say("head.state")}
	rows := [][]string{head}
	// Labels take what the terminal leaves them.
	width := 44
	if a.Width > 0 {
		width = max(20, min(70, a.Width-84))
	}
	code := ""
	for _, l := range lines {
		label, shown := cut(l.Label, width), l.Code
		if l.Code == code {
			label, shown = "", ""
		}
		code = l.Code
		if l.Sex != "T" {
			rows = append(rows, []string{shown, label, l.Sex, "", a.figure(l.Previous, l.Unit), a.figure(l.Value, l.Unit), "", "", "", ""})
			continue
		}
		state := ""
		if l.Status != nil {
			state = a.say("state." + *l.Status)
		}
		rows = append(rows, []string{shown, label, l.Sex, a.figure(l.Base, l.Unit), a.figure(l.Previous, l.Unit), a.figure(l.Value, l.Unit),
			a.figure(l.Target, l.Unit), a.figure(l.Final, l.Unit), a.figure(l.Rate, "pourcentage"), state})
	}
	rightAligned(a.Stdout, rows, 3, 9)
}

// figure prints a number as people of the language write it; a value nobody
// reported is never a zero.
func (a *app) figure(v *float64, unit string) string {
	if v == nil {
		return a.say("figure.none")
	}
	s := strconv.FormatFloat(*v, 'f', -1, 64)
	if a.lang != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	if unit == "pourcentage" {
		s += " %"
	}
	return s
}

// rightAligned prints columns, those from first to last (exclusive) flush right.
func rightAligned(w interface{ Write([]byte) (int, error) }, rows [][]string, first, last int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			widths[i] = max(widths[i], len([]rune(s)))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, s := range row {
			gap := strings.Repeat(" ", widths[i]-len([]rune(s)))
			if i >= first && i < last {
				b.WriteString(gap + s)
			} else {
				b.WriteString(s + gap)
			}
			b.WriteString("  ")
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}
