package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
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
	for _, l := range totalsFirst(lines) {
		if l.Sex != string(pipeline.Total) {
			rows = append(rows, []string{"", "", l.Sex, "", a.figure(l.Previous, l.Unit), a.figure(l.Value, l.Unit), "", "", "", ""})
			continue
		}
		state := ""
		if l.Status != nil {
			state = a.say("state." + *l.Status)
		}
		rows = append(rows, []string{l.Code, cut(l.Label, width), l.Sex, a.figure(l.Base, l.Unit), a.figure(l.Previous, l.Unit), a.figure(l.Value, l.Unit),
			a.figure(l.Target, l.Unit), a.figure(l.Final, l.Unit), a.figure(l.Rate, "pourcentage"), state})
	}
	rightAligned(a.Stdout, rows, 3, 9)
}

// totalsFirst keeps indicators in order and puts each one's total above its sexes.
func totalsFirst(lines []run.FollowUpLine) []run.FollowUpLine {
	order := map[string]int{}
	for _, l := range lines {
		if _, ok := order[l.Code]; !ok {
			order[l.Code] = len(order)
		}
	}
	total := func(l run.FollowUpLine) int {
		if l.Sex == string(pipeline.Total) {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(lines), func(a, b run.FollowUpLine) int {
		return cmp.Or(cmp.Compare(order[a.Code], order[b.Code]), cmp.Compare(total(a), total(b)))
	})
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
