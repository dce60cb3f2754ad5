package read

import (
	"strings"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// place is where services are given.
type place struct {
	name     string
	region   string
	province string
	attrs    map[string]string // of the centre or agency in its code list
}

// entry is a line of a form with its value.
type entry struct {
	layout.Entry
	sheet string
	value normalise.Value
}

func (e entry) cell() string { return pipeline.Ref(e.Value.Col, e.ValueRow) }

// forms reads the form sheets: what the workbook says of itself, by meaning.
func (u *understanding) forms(matches []layout.Match) map[string]entry {
	entries := map[string]entry{}
	for _, m := range matches {
		u.recognised(m)
		a := newSheetAccount(m.Sheet.Name)
		at := map[[2]int]func(row, col int){}
		for _, fe := range m.Form.Entries {
			e := entry{Entry: fe, sheet: m.Sheet.Name}
			var findings []pipeline.Finding
			e.value, findings = normalise.Field(u.env, *e.Field, e.Value)
			use := u.found(e.value, findings, spot{m.Sheet.Name, e.cell(), e.Title, e.Value.Display()}, formSeverity(e.Field))
			name := e.Field.Name
			if !e.Inline {
				at[[2]int{e.Row, e.Col}] = func(r, c int) { a.add(r, c, name, pipeline.Ignored, "label") }
			}
			at[[2]int{e.ValueRow, e.Value.Col}] = func(r, c int) { a.add(r, c, name, use.outcome, use.reason) }
			if _, twice := entries[e.Field.Meaning()]; !twice || e.value.Present {
				entries[e.Field.Meaning()] = e
			}
		}
		for _, r := range m.Sheet.Rows {
			for _, c := range r.Cells {
				if c.IsBlank() {
					continue
				}
				if add, ok := at[[2]int{r.Number, c.Col}]; ok {
					add(r.Number, c.Col)
				} else {
					a.add(r.Number, c.Col, "", pipeline.Ignored, "note")
				}
			}
		}
		u.accounts[m.Sheet.Name] = a.uses()
	}
	return entries
}

// formSeverity: without its year, quarter or structure nobody knows what a file
// reports on; the rest only describes it.
func formSeverity(f *connectors.Field) pipeline.Severity {
	switch f.Meaning() {
	case connectors.MeansYear, connectors.MeansQuarter, connectors.MeansStructure:
		return pipeline.Blocking
	}
	return pipeline.Warning
}

// header places the file: its period, its structure, its region.
func (u *understanding) header(entries map[string]entry, lists []layout.Match) {
	u.out.Region = u.spec.Identification.Region
	if e := entries[connectors.MeansRegion]; e.value.Present && !e.value.Refused {
		u.out.Region = e.value.Attrs["region"]
	}
	if e := entries[connectors.MeansProvince]; e.value.Present && !e.value.Refused {
		u.out.Province = e.value.Attrs["province"]
		if u.out.Region == "" {
			u.out.Region = e.value.Attrs["region"]
		}
	}
	if e, ok := entries["focal_point"]; ok {
		u.out.FocalPoint = e.value.Text
	}
	if e, ok := entries["version"]; ok && u.out.Version == "" {
		u.out.Version = e.value.Text
	}
	u.home = place{region: u.out.Region, province: u.out.Province}
	u.asked = entries[connectors.MeansStructure]
	switch e := u.asked; {
	case e.value.Present && !e.value.Refused:
		u.out.Structure = e.value.Text
		u.at(e.value)
	case u.spec.Identification.Structure != "":
		u.out.Structure = u.spec.Identification.Structure
	case !e.value.Refused:
		u.structureNamed(lists)
	}
	u.period(entries, lists)
}

// regionOf is the region of a province: the first half of its code.
func regionOf(province string) string {
	region, _, _ := strings.Cut(province, ".")
	return region
}

// language is the language the headers are written in.
func language(lists []layout.Match) string {
	arabic, all := 0, 0
	for _, m := range lists {
		for _, t := range m.List.Tables {
			for _, c := range t.Columns {
				if c.Field == nil {
					continue
				}
				all++
				if layout.IsArabic(c.Title) {
					arabic++
				}
			}
		}
	}
	if 2*arabic > all {
		return "ar"
	}
	return "fr"
}
