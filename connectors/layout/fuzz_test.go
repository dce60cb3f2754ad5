package layout

import (
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

// FuzzUnderstand: no sheet makes understanding panic, every row gets a kind, no
// field is given two columns of one table, and an index of columns always leads
// back to its column.
func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{
		"Nom | Prénom | Date de début\nDiallo | Awa | @44105",
		"N° | Bénéficiaire |\n | Nom | Prénom\n#1 | Diallo | Awa",
		"Code | Indicateur | T1 | |\n | | F | H | Total\n1.2 | x | #1 | #2 | #3",
		"Date | EN | ANAPEC\n@44105 | 3/2 | x",
		"Structure : CFA | Année | #2020",
		"Total | =\nالمجموع | #1", "", "|||", "\n\n\n",
	} {
		f.Add(s, "A1:B2", "Formation")
	}
	specs, err := connectors.Load()
	if err != nil {
		f.Fatal(err)
	}
	var all []*Guide
	for _, s := range specs {
		all = append(all, guides(f, s.Member)...)
	}
	f.Fuzz(func(t *testing.T, text, merged, name string) {
		s := page(name, text, merged)
		for _, g := range all {
			if _, ok := g.Form(s); ok && g.Spec.Shape == connectors.Form {
				continue
			}
			l, ok := g.List(s)
			if !ok {
				continue
			}
			if len(l.Rows) != len(s.Rows) {
				t.Fatalf("%d rows have a kind, of %d", len(l.Rows), len(s.Rows))
			}
			for i := range l.Tables {
				checkTable(t, &l.Tables[i])
			}
			for i, r := range l.Rows {
				if r.Kind == Data {
					l.Cells(s.Rows[i], &l.Tables[r.Table], nil)
				}
			}
		}
		Recognise([]*Sheet{s, s}, all)
	})
}

func checkTable(t *testing.T, table *Table) {
	seen := map[*connectors.Field]bool{}
	for i := range table.Columns {
		c := &table.Columns[i]
		if table.Column(c.Col) != c {
			t.Fatalf("column %s is not found again", pipeline.ColumnName(c.Col))
		}
		if c.Field != nil && seen[c.Field] {
			t.Fatalf("%s has two columns", c.Field.Name)
		}
		seen[c.Field] = true
	}
}
