package workbook

import (
	"strconv"

	"cp3/pipeline"
)

// troubles collects the issues of one sheet, or of the book's other parts. Past
// the limit they are only counted: a damaged file of a million cells must not
// become a million lines, and one that damaged is refused as a whole.
type troubles struct {
	sheet string
	max   int
	list  []pipeline.Issue
	more  int
}

// place is where in a sheet a trouble is.
type place struct {
	cell string // "C14"
	row  int    // set when the row is refused
}

// add records an issue of the sheet; args are name, value pairs.
func (t *troubles) add(code string, sev pipeline.Severity, at place, value string, args ...string) {
	if len(t.list) >= t.max {
		t.more++
		return
	}
	m := pairs(args)
	if value = clip(value); value != "" {
		if m == nil {
			m = map[string]string{}
		}
		m["value"] = value
	}
	t.list = append(t.list, pipeline.Issue{
		Finding: pipeline.Finding{Code: code, Severity: sev, Args: m},
		Sheet:   t.sheet, Cell: at.cell, Row: at.row, Value: value,
	})
}

// block records an issue that refuses the file.
func (t *troubles) block(code string, at place, args ...string) {
	t.add(code, pipeline.Blocking, at, "", args...)
}

// has reports whether an issue with the code was recorded.
func (t *troubles) has(code string) bool {
	for i := range t.list {
		if t.list[i].Code == code {
			return true
		}
	}
	return false
}

// issues is the list, with the count of those left out.
func (t *troubles) issues() []pipeline.Issue {
	if t.more == 0 {
		return t.list
	}
	over := pipeline.Issue{Sheet: t.sheet, Finding: pipeline.Finding{
		Code: "workbook.too_many_troubles", Severity: pipeline.Blocking,
		Args: map[string]string{"count": strconv.Itoa(len(t.list) + t.more), "limit": strconv.Itoa(t.max)},
	}}
	return append(t.list[:len(t.list):len(t.list)], over)
}

// clip keeps a value short enough to be shown, without cutting a character.
func clip(s string) string {
	const room = 120
	if len(s) <= room {
		return s
	}
	cut := room
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// blocking is the first issue that refuses the file; nil when none does.
func (t *troubles) blocking() *pipeline.Issue {
	for i := range t.list {
		if t.list[i].Severity == pipeline.Blocking {
			return &t.list[i]
		}
	}
	return nil
}
