package template

import (
	"strings"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// column is one column of a list: a field's, or one of a group's.
type column struct {
	field *connectors.Field // nil in a group
	label pipeline.Text
	group pipeline.Text // title over several columns
	kind  connectors.FieldType
	width float64
	turn  bool   // the group's title runs upwards: its columns are narrow
	sum   [2]int // 1-based columns that this one adds up, when it is a total
}

func (c column) required() bool { return c.field != nil && c.field.Required }

// numeric reports whether the column's values add up.
func (c column) numeric() bool {
	switch c.kind {
	case connectors.Integer:
		return true
	case connectors.Decimal:
		return c.field == nil // a group's counts; a declared value may be a rate
	}
	return false
}

// columns are the columns of a list, the example's mark first.
func (b *book) columns(s *connectors.Sheet) []column {
	cols := []column{{label: pipeline.Text{FR: connectors.RowNumberLabel, AR: "رقم"}, kind: connectors.TextType, width: 9.5}}
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Unlisted {
			continue
		}
		cols = append(cols, column{field: f, label: f.Label, kind: f.Type, width: b.fieldWidth(f)})
	}
	switch {
	case s.Wide != nil:
		cols = append(cols, b.quarterColumns(s.Wide, len(cols))...)
	case s.Row == connectors.MeetingRow:
		cols = append(cols, b.institutionColumns()...)
	}
	return b.withTotals(cols)
}

// quarterColumns are women, men and total under each quarter.
func (b *book) quarterColumns(w *connectors.WideColumns, before int) []column {
	var cols []column
	for q := 1; q <= 4; q++ {
		key := "template.quarter." + string(rune('0'+q))
		group := pipeline.Text{FR: wording.Text("fr", key, nil), AR: wording.Text("ar", key, nil)}
		first := before + len(cols) + 1
		cols = append(cols,
			column{group: group, label: w.Women, kind: connectors.Decimal, width: 9.5},
			column{group: group, label: w.Men, kind: connectors.Decimal, width: 9.5},
			column{group: group, label: w.Total, kind: connectors.Decimal, width: 9.5, sum: [2]int{first, first + 1}})
	}
	return cols
}

// institutionColumns are women and men under each institution.
func (b *book) institutionColumns() []column {
	list := b.lists["institution"]
	if list == nil {
		return nil
	}
	women := pipeline.Text{FR: wording.Text("fr", "template.women", nil), AR: wording.Text("ar", "template.women", nil)}
	men := pipeline.Text{FR: wording.Text("fr", "template.men", nil), AR: wording.Text("ar", "template.men", nil)}
	var cols []column
	for _, c := range list.Codes {
		group := c.Label
		cols = append(cols,
			column{group: group, label: women, kind: connectors.Integer, width: 5.2, turn: true},
			column{group: group, label: men, kind: connectors.Integer, width: 5.2, turn: true})
	}
	return cols
}

// withTotals finds the field that adds up women and men: the committee's totals
// are computed, not typed.
func (b *book) withTotals(cols []column) []column {
	at := map[string]int{}
	for i, c := range cols {
		if c.field != nil {
			at[c.field.Meaning()] = i + 1
		}
	}
	if t, w, m := at["total"], at["women"], at["men"]; t > 0 && w > 0 && m > 0 {
		cols[t-1].sum = [2]int{w, m}
	}
	return cols
}

// fieldWidth is a column's width in characters: what its values need, no less than
// the longest word of its header.
func (b *book) fieldWidth(f *connectors.Field) float64 {
	w := map[connectors.FieldType]float64{
		connectors.FamilyName: 18, connectors.GivenName: 18, connectors.FullName: 27, connectors.SexType: 8.5, connectors.BirthDate: 13,
		connectors.DateType: 13, connectors.Nationality: 17, connectors.DocNumber: 15, connectors.Phone: 16, connectors.Email: 24,
		connectors.Locality: 19, connectors.YesNo: 9, connectors.Integer: 11, connectors.Decimal: 11, connectors.Percent: 10,
		connectors.TextType: 25, connectors.Identifier: 16, connectors.ICE: 18, connectors.Year: 9, connectors.Quarter: 10,
		connectors.SchoolYear: 13, connectors.Institutions: 28,
	}[f.Type]
	switch f.Type {
	case connectors.CodeType:
		w = 12
		if list := b.listOf(f); list != nil {
			for _, c := range list.Codes {
				w = max(w, min(24, float64(utf8.RuneCountInString(c.Label.In(b.lang)))+4))
			}
		}
	case connectors.Indicator:
		w = 52
		if f.Name == "code" {
			w = 9
		}
	}
	for _, label := range []string{f.Label.FR, f.Label.In(b.lang)} {
		for word := range strings.FieldsSeq(label) {
			w = max(w, float64(utf8.RuneCountInString(word))*1.15+2)
		}
	}
	return w
}

// format is how a column's cells write values. Text keeps what was typed: leading
// zeros of numbers that are not quantities, "1.2" that French Excel takes for a
// date, a birth date known to the year, which would become a day of 1905.
func (c column) format() string {
	switch c.kind {
	case connectors.DateType:
		return "dd/mm/yyyy"
	case connectors.Integer:
		return "#,##0"
	case connectors.Decimal, connectors.Percent:
		return "#,##0.##"
	case connectors.Year:
		return "0"
	case connectors.TextType:
		return ""
	}
	return "@"
}

func (c column) centred() bool {
	switch c.kind {
	case connectors.SexType, connectors.BirthDate, connectors.DateType, connectors.YesNo, connectors.Integer, connectors.Decimal, connectors.Percent,
		connectors.Year, connectors.Quarter, connectors.SchoolYear:
		return true
	}
	return c.field != nil && c.field.Type == connectors.Indicator && c.field.Name == "code"
}

// input is the style of the column's cells to fill.
func (c column) input() style { return style{role: input, format: c.format(), centre: c.centred()} }

// header is the style of the column's title.
func (c column) header() style {
	if c.required() {
		return style{role: requiredHeader}
	}
	return style{role: optionalHeader}
}

// title is the column's label; a required one has an asterisk.
func (c column) title(t string) string {
	if c.required() && t != "" {
		return t + " *"
	}
	return t
}
