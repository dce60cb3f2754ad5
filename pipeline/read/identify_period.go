package read

import (
	"path"
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

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
		return commonPeriod(sheetNames(lists))
	case "file_name":
		return layout.PeriodIn(u.fileTitle())
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
func periodOfTitles(lists []layout.Match) pipeline.Period { return commonPeriod(titles(lists)) }

// titles are the rows above the headers, a text each.
func titles(lists []layout.Match) []string {
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
	return texts
}

// sheetNames are the names of the lists' sheets.
func sheetNames(lists []layout.Match) []string {
	names := make([]string, len(lists))
	for i, m := range lists {
		names[i] = m.Sheet.Name
	}
	return names
}

// fileTitle is the file's name without its ending.
func (u *understanding) fileTitle() string {
	return strings.TrimSuffix(u.src.Name, path.Ext(u.src.Name))
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
				v, _ := normalise.Field(u.env, c.Field, m.Sheet.Rows[i].Cell(c.Col))
				if v.Present && !v.Refused {
					visit(v)
				}
			}
		}
	}
}
