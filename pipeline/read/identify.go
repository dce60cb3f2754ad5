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
		at := formUses{}
		for _, fe := range m.Form.Entries {
			e := u.entry(fe, m.Sheet.Name, at)
			if _, twice := entries[e.Field.Meaning()]; !twice || e.value.Present {
				entries[e.Field.Meaning()] = e
			}
		}
		for _, r := range m.Sheet.Rows {
			at.row(a, r, "note")
		}
		u.accounts[m.Sheet.Name] = a.uses()
	}
	return entries
}

// formUse is what became of a cell of a form.
type formUse struct {
	field string
	cellUse
}

// formUses are those of a sheet, by row and column.
type formUses map[[2]int]formUse

// row accounts for a row of a form; what is neither label nor value is other.
func (at formUses) row(a *sheetAccount, r pipeline.Row, other string) {
	for _, c := range r.Cells {
		if c.IsBlank() {
			continue
		}
		use, ok := at[[2]int{r.Number, c.Col}]
		if !ok {
			use.cellUse = cellUse{pipeline.Ignored, other}
		}
		a.add(r.Number, c.Col, use.field, use.outcome, use.reason)
	}
}

// entry reads the value of a line of a form.
func (u *understanding) entry(fe layout.Entry, sheet string, at formUses) entry {
	e := entry{Entry: fe, sheet: sheet}
	var findings []pipeline.Finding
	e.value, findings = normalise.Field(u.env, e.Field, e.Value)
	use := u.found(e.value, findings, spot{sheet, e.cell(), e.Title, e.Value.Display()}, formSeverity(e.Field))
	if !e.Inline {
		at[[2]int{e.Row, e.Col}] = formUse{e.Field.Name, cellUse{pipeline.Ignored, "label"}}
	}
	at[[2]int{e.ValueRow, e.Value.Col}] = formUse{e.Field.Name, use}
	return e
}

// above adds what the rows above the lists say of the workbook, as on a form:
// members who keep no sheet for it write it over their table. What a form says
// stands; two lists that say different things say nothing.
func (u *understanding) above(entries map[string]entry, lists []layout.Match) {
	var form *layout.Guide
	for _, g := range u.guides[u.spec.Member] {
		if g.Spec.Shape == connectors.Form {
			form = g
		}
	}
	if form == nil {
		return
	}
	found := map[string]entry{}
	for _, m := range lists {
		head := &layout.Sheet{Name: m.Sheet.Name, Merged: m.Sheet.Merged, Rows: m.Sheet.Rows[:m.List.Tables[0].Header[0]]}
		page, ok := form.Form(head)
		if !ok {
			continue
		}
		for _, fe := range page.Entries {
			meaning := fe.Field.Meaning()
			if said, ok := entries[meaning]; ok && said.value.Present || fe.Value.IsBlank() {
				continue
			}
			if u.titled[m.Sheet.Name] == nil {
				u.titled[m.Sheet.Name] = formUses{}
			}
			e := u.entry(fe, m.Sheet.Name, u.titled[m.Sheet.Name])
			if other, twice := found[meaning]; twice && other.value.Text != e.value.Text {
				e.value = normalise.Value{}
			}
			found[meaning] = e
		}
	}
	for meaning, e := range found {
		if e.value.Present {
			entries[meaning] = e
		}
	}
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
