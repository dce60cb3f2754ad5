package run

import (
	"path"
	"strconv"
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
	if e := entries[connectors.MeansStructure]; e.value.Present && !e.value.Refused {
		u.out.Structure = e.value.Text
		u.at(e.value)
	} else if u.spec.Identification.Structure != "" {
		u.out.Structure = u.spec.Identification.Structure
	}
	u.asked = entries[connectors.MeansStructure]
	u.period(entries, lists)
}

// at takes the structure's own province for the services it gives.
func (u *understanding) at(v normalise.Value) {
	u.home.name, u.home.attrs = v.Text, v.Attrs
	if p := v.Attrs["province"]; p != "" {
		if u.out.Province == "" {
			u.out.Province = p
		}
		if u.out.Region == "" {
			u.out.Region = regionOf(p)
		}
		u.home.province, u.home.region = u.out.Province, u.out.Region
	}
}

// regionOf is the region of a province: the first half of its code.
func regionOf(province string) string {
	region, _, _ := strings.Cut(province, ".")
	return region
}

// period finds the period the file answers for, from the first source of the
// declaration that gives one.
func (u *understanding) period(entries map[string]entry, lists []layout.Match) {
	for _, source := range u.spec.Identification.Period {
		p := u.periodFrom(source, entries, lists)
		if p.IsZero() {
			continue
		}
		u.out.Period, u.env.Period = p, p
		if source != "form" {
			u.move("period.guessed", "", "", "period", p.String(), "source", source)
		}
		u.future(entries)
		return
	}
	if e := entries[connectors.MeansYear]; e.value.Refused {
		return // said at its cell
	}
	sheet, cell, field := "", "", ""
	if e := entries[connectors.MeansYear]; e.Field != nil {
		sheet, cell, field = e.sheet, e.cell(), e.Title
	}
	u.issue("period.unknown", pipeline.Blocking, sheet, cell, field, "", "example", strconv.Itoa(max(u.src.Today.Year, 2020)))
}

// future refuses a period that has not begun: a year mistyped.
func (u *understanding) future(entries map[string]entry) {
	if u.src.Today.IsZero() || u.out.Period.First().Compare(u.src.Today) <= 0 {
		return
	}
	sheet, cell, field, value := "", "", "", ""
	if e := entries[connectors.MeansYear]; e.Field != nil {
		sheet, cell, field, value = e.sheet, e.cell(), e.Title, e.Value.Display()
	}
	u.issue("period.future", pipeline.Blocking, sheet, cell, field, value, "period", u.out.Period.String())
}

func (u *understanding) periodFrom(source string, entries map[string]entry, lists []layout.Match) pipeline.Period {
	kind, field, _ := strings.Cut(source, ":")
	switch kind {
	case "form":
		return periodOfForm(entries)
	case "column":
		return pipeline.Period{Year: u.yearOfColumn(field, lists)}
	case "title":
		return periodOfTitles(lists)
	case "sheet_name":
		var texts []string
		for _, m := range lists {
			texts = append(texts, m.Sheet.Name)
		}
		return commonPeriod(texts)
	case "file_name":
		return layout.PeriodIn(strings.TrimSuffix(u.src.Name, path.Ext(u.src.Name)))
	case "dates":
		return pipeline.Period{Year: u.yearOfDates(lists)}
	}
	return pipeline.Period{}
}

func periodOfForm(entries map[string]entry) pipeline.Period {
	year, quarter := entries[connectors.MeansYear], entries[connectors.MeansQuarter]
	if !year.value.Present || year.value.Refused {
		return pipeline.Period{}
	}
	p := pipeline.Period{Year: int(year.value.Number)}
	if quarter.value.Present && !quarter.value.Refused {
		p.Quarter = int(quarter.value.Number)
	}
	return p
}

// periodOfTitles reads the rows above the headers.
func periodOfTitles(lists []layout.Match) pipeline.Period {
	var texts []string
	for _, m := range lists {
		for i, row := range m.List.Rows {
			if row.Kind != layout.Title {
				break
			}
			var line []string
			for _, c := range m.Sheet.Rows[i].Cells {
				if c.Kind == pipeline.TextCell || c.Kind == pipeline.NumberCell {
					line = append(line, c.Display())
				}
			}
			texts = append(texts, strings.Join(line, " "))
		}
	}
	return commonPeriod(texts)
}

// commonPeriod is the one period several texts name; a quarter only when all that
// name one agree.
func commonPeriod(texts []string) pipeline.Period {
	var p pipeline.Period
	quarters := map[int]bool{}
	for _, t := range texts {
		q := layout.PeriodIn(t)
		switch {
		case q.IsZero():
			if n := layout.QuarterIn(t); n > 0 {
				quarters[n] = true
			}
			continue
		case p.Year != 0 && p.Year != q.Year:
			return pipeline.Period{}
		}
		p.Year = q.Year
		if q.Quarter > 0 {
			quarters[q.Quarter] = true
		}
	}
	if p.Year != 0 && len(quarters) == 1 {
		for q := range quarters {
			p.Quarter = q
		}
	}
	return p
}

// yearOfColumn is the latest year of a column: a list that carries last year's
// trainees over reports on this year.
func (u *understanding) yearOfColumn(field string, lists []layout.Match) int {
	latest := 0
	u.eachValue(lists, func(f *connectors.Field) bool { return f.Name == field }, func(v normalise.Value) {
		if y := int(v.Number); u.src.Today.IsZero() || y <= u.src.Today.Year {
			latest = max(latest, y)
		}
	})
	return latest
}

// yearOfDates is the year of most dates of what the rows report; of equals, the
// later.
func (u *understanding) yearOfDates(lists []layout.Match) int {
	count := map[int]int{}
	u.eachValue(lists, func(f *connectors.Field) bool { return f.Type == connectors.DateType }, func(v normalise.Value) {
		count[v.Date.Year]++
	})
	best := 0
	for y, n := range count {
		if n > count[best] || n == count[best] && y > best {
			best = y
		}
	}
	return best
}

// periodRows bounds the rows looked at to guess a period.
const periodRows = 5000

// eachValue reads the values of some columns of the lists' data rows.
func (u *understanding) eachValue(lists []layout.Match, want func(*connectors.Field) bool, visit func(normalise.Value)) {
	looked := 0
	for _, m := range lists {
		for i, row := range m.List.Rows {
			if row.Kind != layout.Data || looked > periodRows {
				continue
			}
			looked++
			for _, c := range m.List.Tables[row.Table].Columns {
				if c.Field == nil || !want(c.Field) {
					continue
				}
				v, _ := normalise.Field(u.env, *c.Field, m.Sheet.Rows[i].Cell(c.Col))
				if v.Present && !v.Refused {
					visit(v)
				}
			}
		}
	}
}

// structure settles, once the rows are read, which structure the file answers
// for: when it does not say, the place all its services were given at.
func (u *understanding) structure() {
	if u.out.Structure != "" {
		return
	}
	name := ""
	for i := range u.out.Records.Services {
		p := u.out.Records.Services[i].Place
		if p == "" || name != "" && p != name {
			name = ""
			break
		}
		name = p
	}
	if name != "" {
		u.out.Structure = name
		u.move("structure.guessed", "", "", "structure", name)
		return
	}
	if u.asked.value.Refused {
		return // said at its cell
	}
	sheet, cell, label := u.asked.sheet, "", u.asked.Title
	if u.asked.Field != nil {
		cell = u.asked.cell()
	} else {
		label = u.structureLabel()
	}
	u.issue("structure.unknown", pipeline.Blocking, sheet, cell, label, "")
}

// structureLabel is where the declaration asks for the structure.
func (u *understanding) structureLabel() string {
	for _, s := range u.spec.Sheets {
		if f := s.Meaning(connectors.MeansStructure); f != nil && s.Shape == connectors.Form {
			return f.Label.In(u.out.Lang) + " (« " + s.Name + " »)"
		}
	}
	return "Structure"
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
