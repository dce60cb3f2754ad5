package disclose

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline"
)

// Options of [Public].
type Options struct {
	Threshold int
	// Past is what the public was told before, oldest first.
	Past []Told
}

// Told is what one edition told the public, and what it kept from it: with the
// editions to come, it is one system. Only what bears on hidden quantities is kept.
// It holds the hidden values: it is private.
type Told struct {
	Quantities []ToldQuantity `json:"quantities"`
	Relations  []Relation     `json:"relations"` // over Quantities
}

// ToldQuantity is a quantity as an edition left it.
type ToldQuantity struct {
	// Keys are the figures it was printed as, each with its value: an unchanged
	// quantity is found again by any of them.
	Keys  []string `json:"keys"`
	Value int64    `json:"value"`
	Shown bool     `json:"shown"`
}

// PublicTable is a table as the public may read it, its rows complete.
type PublicTable struct {
	pipeline.Table
	Rows [][]any
}

// Result is what the public may read, and how safe it is.
type Result struct {
	Tables []PublicTable // by name
	Report Report
	Plan   Plan
	Told   Told
	// Exposed are quantities that earlier editions gave away: what they showed can't
	// be hidden any more.
	Exposed []string
}

// Public reads the published tables and gives those the public may read, with what
// the rule hides set to NULL and named in a column of its own, and the table
// confidentialite that says how much was hidden and how safely. Tables about
// files rather than persons' activity (soumissions, anomalies, provenance,
// rapprochements, revisions) are not among them.
func Public(ctx context.Context, src Source, tables []pipeline.Table, o Options) (Result, error) {
	published, err := read(ctx, src, tables)
	if err != nil {
		return Result{}, err
	}
	r := newRules(published)
	p, at, printed := r.problem(int64(o.Threshold))
	remember(p, printed, o.Past)
	var res Result
	res.Plan, err = Protect(ctx, p)
	var exposed *Unprotectable
	if errors.As(err, &exposed) {
		res.Exposed = exposed.Keys
	} else if err != nil {
		return Result{}, err
	}
	if res.Report, err = Audit(ctx, p, res.Plan); err != nil {
		return Result{}, err
	}
	hidden := func(c cellOf) bool { return res.Plan.Hidden(at[c]) }
	w := writer{hidden: hidden}
	for _, m := range r.tables {
		w.masked(m)
	}
	for name, t := range published {
		if !slices.ContainsFunc(w.tables, func(done PublicTable) bool { return done.Name == name }) {
			w.open(t)
		}
	}
	w.confidentiality(p, res)
	w.dictionary()
	res.Tables = w.tables
	slices.SortFunc(res.Tables, func(a, b PublicTable) int { return strings.Compare(a.Name, b.Name) })
	res.Told = told(p, res.Plan, printed)
	return res, nil
}

// remember joins past editions to the problem. What one of them showed is known;
// what it hid stays hidden as long as it does not change, so that the same figures
// are not hidden in one edition and shown in the next.
func remember(p *Problem, printed [][]string, past []Told) {
	at := map[string]int{}
	for i, keys := range printed {
		for _, key := range keys {
			at[key] = i
		}
	}
	for _, t := range past {
		index := make([]int, len(t.Quantities))
		for n, q := range t.Quantities {
			index[n] = p.recall(at, q)
		}
		for _, r := range t.Relations {
			r.Terms = slices.Clone(r.Terms)
			for k := range r.Terms {
				r.Terms[k].Quantity = index[r.Terms[k].Quantity]
			}
			p.Relations = append(p.Relations, r)
		}
	}
	p.Relations = distinct(p.Relations)
}

// recall finds a quantity of an earlier edition, or adds it. What was one quantity
// then and is two now is still known to be equal.
func (p *Problem) recall(at map[string]int, q ToldQuantity) int {
	i := -1
	for _, key := range q.Keys {
		j, known := at[key]
		switch {
		case !known:
		case i < 0:
			i = j
		case i != j:
			p.Relations = append(p.Relations, Relation{Terms: []Term{{i, 1}, {j, -1}}})
		}
	}
	if i < 0 {
		i = len(p.Quantities)
		p.Quantities = append(p.Quantities, Quantity{Key: "before " + q.Keys[0], Value: q.Value, Persons: true})
	}
	for _, key := range q.Keys {
		if _, known := at[key]; !known {
			at[key] = i
		}
	}
	switch {
	case q.Shown:
		p.Quantities[i].State = Shown
	case p.Quantities[i].State == Free:
		p.Quantities[i].State = Hidden // as long as it is the same
	}
	return i
}

// told keeps of the present edition what bears on what it hides.
func told(p *Problem, plan Plan, printed [][]string) Told {
	var t Told
	at := map[int]int{}
	index := func(i int) int {
		n, known := at[i]
		if !known {
			n = len(t.Quantities)
			at[i] = n
			t.Quantities = append(t.Quantities, ToldQuantity{printed[i], p.Quantities[i].Value, !plan.Hidden(i)})
		}
		return n
	}
	for i := range printed {
		if plan.Hidden(i) {
			index(i)
		}
	}
	for _, r := range p.Relations {
		ours, bears := true, false
		for _, term := range r.Terms {
			ours = ours && term.Quantity < len(printed)
			bears = bears || plan.Hidden(term.Quantity)
		}
		if !ours || !bears {
			continue
		}
		r.Terms = slices.Clone(r.Terms)
		for k := range r.Terms {
			r.Terms[k].Quantity = index(r.Terms[k].Quantity)
		}
		t.Relations = append(t.Relations, r)
	}
	return t
}

// maskColumn names, in each row, what was hidden.
const maskColumn = "masque"

// writer makes the public tables.
type writer struct {
	hidden func(cellOf) bool
	tables []PublicTable
	tally  []tally
}

// tally counts what a table tells of persons, and what of it is hidden.
type tally struct {
	table         string
	cells, masked int64
}

// open takes a table as it is.
func (w *writer) open(t *table) {
	one := t.Table
	one.Relation = ""
	w.tables = append(w.tables, PublicTable{one, t.rows})
}

// masked takes a table without what is hidden.
func (w *writer) masked(m *masked) {
	one := m.Table
	one.Relation = ""
	one.Columns = append(slices.Clone(one.Columns), documented("disclosure."+maskColumn, maskColumn, "VARCHAR"))
	rows := make([][]any, len(m.rows))
	for n, row := range m.rows {
		rows[n] = append(slices.Clone(row), nil)
	}
	count := tally{table: m.Name}
	last := len(one.Columns) - 1
	for _, mask := range m.masks {
		count.cells++
		if !slices.ContainsFunc(mask.of, w.hidden) {
			continue
		}
		count.masked++
		row := rows[mask.row]
		row[m.at[mask.column]] = nil
		if names, has := row[last].(string); has {
			row[last] = names + "," + mask.column
		} else {
			row[last] = mask.column
		}
	}
	w.tables = append(w.tables, PublicTable{one, rows})
	w.tally = append(w.tally, count)
}

// confidentiality says how much was hidden, and how safely.
func (w *writer) confidentiality(p *Problem, res Result) {
	t := described("confidentialite", "table",
		"table VARCHAR", "cellules BIGINT", "masquees BIGINT", "part_masquee DOUBLE", "seuil INTEGER", "perte DOUBLE", "perte_minimale DOUBLE",
		"intervalle_minimal BIGINT", "effectifs_determines BIGINT", "effectifs_exposes BIGINT")
	spent, least, whole := w.loss(p, res.Plan)
	all := tally{table: string(pipeline.Total)}
	var rows [][]any
	for _, one := range w.tally {
		all.cells, all.masked = all.cells+one.cells, all.masked+one.masked
		rows = append(rows, []any{one.table, one.cells, one.masked, percent(one.masked, one.cells), nil, nil, nil, nil, nil, nil})
	}
	var narrowest any
	if res.Report.Narrowest >= 0 {
		narrowest = res.Report.Narrowest
	}
	rows = append(rows, []any{
		all.table, all.cells, all.masked, percent(all.masked, all.cells), p.Threshold, percent(spent, whole), percent(least, whole),
		narrowest, int64(res.Report.Determined), int64(len(res.Report.TooNarrow)),
	})
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	w.tables = append(w.tables, PublicTable{t, rows})
}

// loss is what hiding costs, what it costs at least, and what everything would.
func (w *writer) loss(p *Problem, plan Plan) (spent, least, whole int64) {
	must := int64(0)
	for i, q := range p.Quantities {
		whole += q.Cost
		if plan.Reasons[i] == Primary || plan.Reasons[i] == Earlier {
			must += q.Cost
		}
	}
	return must + plan.Secondary, must + plan.Bound, whole
}

func percent(part, whole int64) any {
	if whole == 0 {
		return nil
	}
	return float64((2000*part+whole)/(2*whole)) / 10
}

// dictionary documents the public tables, itself too.
func (w *writer) dictionary() {
	t := described("dictionnaire", "table, colonne",
		"table VARCHAR", "colonne VARCHAR", "type VARCHAR", "description_fr VARCHAR", "description_ar VARCHAR")
	all := make([]pipeline.Table, 0, len(w.tables)+1)
	for _, one := range w.tables {
		all = append(all, one.Table)
	}
	all = append(all, t)
	slices.SortFunc(all, func(a, b pipeline.Table) int { return strings.Compare(a.Name, b.Name) })
	var rows [][]any
	for _, one := range all {
		rows = append(rows, []any{one.Name, nil, nil, one.Description, nil})
		for _, c := range one.Columns {
			rows = append(rows, []any{one.Name, c.Name, c.Type, c.FR, c.AR})
		}
	}
	w.tables = append(w.tables, PublicTable{t, rows})
}

// String sums the result up for a log.
func (r Result) String() string {
	return fmt.Sprintf("%d quantities hidden, the narrowest interval spans %d, %d exposed by earlier editions",
		len(r.Report.Intervals), r.Report.Narrowest, len(r.Exposed))
}
