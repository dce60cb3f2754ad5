package layout

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

// page makes a sheet of text: a line a row, cells between bars; "#12" is a number,
// "=#12" a formula's, "=" one never computed, "@44000" a date.
func page(name, text string, merged ...string) *Sheet {
	s := &Sheet{Name: name}
	for n, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		r := pipeline.Row{Number: n + 1}
		for i, cell := range strings.Split(line, "|") {
			if c := cellOf(strings.TrimSpace(cell)); !c.IsBlank() {
				c.Col = i + 1
				r.Cells = append(r.Cells, c)
			}
		}
		if len(r.Cells) > 0 {
			s.Rows = append(s.Rows, r)
		}
	}
	for _, m := range merged {
		from, to, _ := strings.Cut(m, ":")
		c1, r1, _ := pipeline.ParseRef(from)
		c2, r2, _ := pipeline.ParseRef(to)
		s.Merged = append(s.Merged, pipeline.Range{FirstRow: r1, FirstCol: c1, LastRow: r2, LastCol: c2})
	}
	return s
}

func cellOf(text string) pipeline.Cell {
	var c pipeline.Cell
	text, c.Formula = strings.CutPrefix(text, "=")
	if number, ok := strings.CutPrefix(text, "#"); ok {
		c.Kind = pipeline.NumberCell
		c.Number, _ = strconv.ParseFloat(number, 64)
	} else if number, ok := strings.CutPrefix(text, "@"); ok {
		c.Kind = pipeline.DateCell
		c.Number, _ = strconv.ParseFloat(number, 64)
	} else if text != "" {
		c.Kind, c.Text = pipeline.TextCell, text
	}
	return c
}

// guides are those of a shipped member.
func guides(t testing.TB, m pipeline.Member) []*Guide {
	t.Helper()
	specs, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	s := connectors.Find(specs, m)
	if s == nil {
		t.Fatalf("no member %s", m)
	}
	var out []*Guide
	for i := range s.Sheets {
		out = append(out, NewGuide(&s.Sheets[i], lists))
	}
	return out
}

func guide(t testing.TB, m pipeline.Member, sheet string) *Guide {
	t.Helper()
	for _, g := range guides(t, m) {
		if g.Spec.Name == sheet {
			return g
		}
	}
	t.Fatalf("%s has no sheet %s", m, sheet)
	return nil
}

// mapping tells what the columns of a table are: "A=family_name B=sex C?unknown_column".
func mapping(t *Table) string {
	var out []string
	for _, c := range t.Columns {
		col := pipeline.ColumnName(c.Col)
		switch {
		case c.Field != nil:
			out = append(out, col+"="+c.Field.Name)
		case c.Institution != "":
			out = append(out, col+"="+c.Institution+string(c.Sex))
		case c.Group:
			p := pipeline.Period{Year: max(c.Year, 1), Quarter: c.Quarter}.String()
			out = append(out, fmt.Sprintf("%s=%s%s", col, strings.TrimPrefix(strings.TrimPrefix(p, "0001"), "-"), c.Sex))
		default:
			out = append(out, col+"?"+c.Why)
		}
	}
	return strings.Join(out, " ")
}

// kinds tells what the rows are, a letter each: t title, h header, d data, s
// total, e example, n note, v void, o other table.
func kinds(l *ListSheet) string {
	var b strings.Builder
	for _, r := range l.Rows {
		b.WriteByte("thdsenvo"[r.Kind])
	}
	return b.String()
}
