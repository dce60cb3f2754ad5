package template

import (
	"strconv"

	"cp3/connectors"
	"cp3/pipeline"
)

// The columns of a form.
const (
	formLabelCol = iota + 2
	formValueCol
	formHelpCol
)

// form writes an identification sheet: a label, the place to fill, one line of
// help.
func (b *book) form(s *connectors.Sheet) {
	sheet := b.add(s)
	for col, w := range map[int]float64{1: 3, formLabelCol: 34, formValueCol: 44, formHelpCol: 62} {
		b.width(sheet, col, w)
	}
	b.set(sheet, formLabelCol, 1, s.Title.In(b.lang), style{role: titleRole})
	b.height(sheet, 1, 36)
	below := ""
	if b.rightToLeft() {
		below = b.spec.Name.FR
		b.height(sheet, 2, 32)
	}
	b.span(sheet, formLabelCol, formHelpCol, 2, 2, style{role: noteRole})
	b.rich(sheet, formLabelCol, 2, b.spec.Name.In(b.lang), below, style{role: noteRole})
	b.height(sheet, 3, 10)
	row := 4
	for i := range s.Fields {
		if f := &s.Fields[i]; !f.Unlisted {
			b.formLine(sheet, row, f)
			row++
		}
	}
	b.span(sheet, formLabelCol, formHelpCol, row+1, row+1, style{role: noteRole})
	b.set(sheet, formLabelCol, row+1, "* "+b.say("help.legend_required"), style{role: noteRole})
	b.tab(sheet, accent)
	b.do(func() error {
		grid := false
		view, err := b.f.GetSheetView(sheet, -1)
		if err != nil {
			return err
		}
		view.ShowGridLines = &grid
		return b.f.SetSheetView(sheet, -1, &view)
	})
	b.protect(sheet)
}

func (b *book) formLine(sheet string, row int, f *connectors.Field) {
	c := column{field: f, label: f.Label, kind: f.Type}
	below := ""
	if b.rightToLeft() {
		below = f.Label.FR
	}
	role := formLabel
	if f.Required {
		role = formRequired
	}
	b.rich(sheet, formLabelCol, row, c.title(f.Label.In(b.lang)), below, style{role: role})
	b.height(sheet, row, 30)
	value, locked := b.known(f)
	s := style{role: formInput, format: c.format()}
	if locked {
		s.role = formLocked
	}
	b.set(sheet, formValueCol, row, value, s)
	b.set(sheet, formHelpCol, row, f.Help.In(b.lang), style{role: formHelp})
	if !locked {
		ref := pipeline.Ref(formValueCol, row)
		b.check(sheet, c, ref, ref)
	}
}

// known is what is filled in beforehand. The version is nobody's to change.
func (b *book) known(f *connectors.Field) (value any, locked bool) {
	o := b.o
	switch f.Meaning() {
	case "structure":
		return b.value(f, o.Structure), false
	case "region":
		return b.value(f, o.Region), false
	case "province":
		return b.value(f, o.Province), false
	case "focal_point":
		return b.value(f, o.FocalPoint), false
	case "year":
		if o.Period.Year > 0 {
			return o.Period.Year, false
		}
	case "quarter":
		if o.Period.Quarter > 0 {
			return "T" + strconv.Itoa(o.Period.Quarter), false
		}
	case "version":
		return b.spec.Template.Version, true
	}
	return nil, false
}
