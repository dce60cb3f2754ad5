package template

import (
	"fmt"
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// offer is what one drop-down list offers: a column of the lists sheet.
type offer struct {
	name   string // defined name
	values []string
}

// sortedFrom is the number of values from which a list is offered in alphabetical
// order; shorter ones keep the order of their code list, which means something.
const sortedFrom = 30

// offerOf is the list offered to a field; nil when it has none.
func (b *book) offerOf(f *connectors.Field) *offer {
	list := b.listOf(f)
	if list == nil {
		return nil
	}
	write := b.writing(f, list)
	o := &offer{name: "liste_" + list.Name}
	for _, c := range list.Codes {
		o.values = append(o.values, write(c))
	}
	if len(o.values) > sortedFrom && list.Name != "indicator" {
		tag := language.French
		if b.rightToLeft() {
			tag = language.Arabic
		}
		collate.New(tag, collate.IgnoreCase).SortStrings(o.values)
	}
	for i := 2; ; i++ {
		j := slices.IndexFunc(b.offers, func(x *offer) bool { return x.name == o.name })
		if j < 0 {
			break
		}
		if slices.Equal(b.offers[j].values, o.values) {
			return b.offers[j]
		}
		o.name = fmt.Sprintf("liste_%s_%d", list.Name, i) // the same list, written another way
	}
	b.offers = append(b.offers, o)
	return o
}

// listOf is the code list a field takes its values from.
func (b *book) listOf(f *connectors.Field) *connectors.CodeList {
	name := f.List
	switch f.Type {
	case connectors.SexType:
		name = "sex"
	case connectors.YesNo:
		name = "yes_no"
	case connectors.Nationality:
		name = "nationality"
	case connectors.Quarter:
		return quarters
	case connectors.CodeType, connectors.Locality, connectors.Indicator:
	default:
		return nil
	}
	return b.lists[name]
}

var quarters = &connectors.CodeList{Name: "trimestre", Codes: []connectors.Code{{Code: "T1"}, {Code: "T2"}, {Code: "T3"}, {Code: "T4"}}}

// writing is how a field writes the codes of its list: as its example does, since
// each member has its own way (F and M here, Femme there, ذكر elsewhere). An
// Arabic template writes Arabic labels.
func (b *book) writing(f *connectors.Field, list *connectors.CodeList) func(connectors.Code) string {
	label := func(c connectors.Code) string {
		if t := c.Label.In(b.lang); t != "" {
			return t
		}
		return c.Code
	}
	switch {
	case list == quarters:
		return label
	case f.Type == connectors.Indicator && f.Name == "code":
		return func(c connectors.Code) string { return c.Code }
	case b.rightToLeft():
		return label
	case arabicText(f.Example):
		return func(c connectors.Code) string { return c.Label.In("ar") }
	case f.Type == connectors.SexType && f.Example == "M":
		return func(c connectors.Code) string { return map[string]string{"F": "F", "H": "M"}[c.Code] }
	}
	if c, ok := list.Find(f.Example); ok && c.Code == f.Example {
		return func(c connectors.Code) string { return c.Code }
	}
	return label
}

func arabicText(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x600 && r < 0x700 })
}

// inList is the value of a field as its drop-down list writes it; as given when the
// list does not know it.
func (b *book) inList(f *connectors.Field, value string) string {
	list := b.listOf(f)
	if list == nil || value == "" {
		return value
	}
	if c, ok := list.Find(value); ok {
		return b.writing(f, list)(c)
	}
	return value
}

// writeLists writes the lists sheet and hides it.
func (b *book) writeLists() {
	const sheet = connectors.ListsSheet
	b.do(func() error { _, err := b.f.NewSheet(sheet); return err })
	for i, o := range b.offers {
		col := i + 1
		b.set(sheet, col, 1, strings.TrimPrefix(o.name, "liste_"), style{role: optionalHeader})
		for j, v := range o.values {
			b.set(sheet, col, j+2, v, style{role: noteRole, format: "@"})
		}
		letter := pipeline.ColumnName(col)
		b.name(o.name, fmt.Sprintf("%s!$%s$2:$%s$%d", quoted(sheet), letter, letter, len(o.values)+1))
		b.width(sheet, col, 28)
	}
	b.protect(sheet)
	b.do(func() error { return b.f.SetSheetVisible(sheet, false) })
}
