package disclose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// Options of [Published.Public].
type Options struct {
	Threshold int
	Past      Told // what the public was told before

	// What the public is told of the release itself: the edition, its day, and how
	// often there is one.
	Edition int
	Day     pipeline.Date
	Every   string
}

// Result is what the public may read, and how safe it is.
type Result struct {
	Tables []PublicTable // by name
	Report Report
	Plan   Plan
	Told   Told
	// Withheld is how many blocks of figures this edition doesn't tell, since with
	// what earlier ones told they would expose somebody.
	Withheld int
}

// PublicTable is a table as the public may read it, its rows complete.
type PublicTable struct {
	pipeline.Table
	Rows [][]any
}

// Published are the published tables that bear on what the public may read.
type Published map[string]*table

// Public gives the tables the public may read, with what the rule hides set to NULL and
// named in a column of its own, and the table confidentialite that says how much was
// hidden and how safely. Tables about files rather than persons' activity (soumissions,
// anomalies, provenance, rapprochements, revisions) are not among them.
func (published Published) Public(ctx context.Context, o Options) (Result, error) {
	r := newRules(published)
	safe, err := r.decide(ctx, int64(o.Threshold), o.Past)
	if err != nil {
		return Result{}, err
	}
	res := Result{Report: safe.report, Plan: safe.plan, Told: safe.told(o.Past), Withheld: safe.withheld.size()}
	w := writer{hidden: func(c cellOf) bool { return safe.plan.Hidden(safe.at[c]) }, withheld: safe.withheld}
	for _, m := range r.tables {
		w.masked(m)
	}
	for name, t := range published {
		if !slices.ContainsFunc(w.tables, func(done PublicTable) bool { return done.Name == name }) {
			w.open(t)
		}
	}
	w.confidentiality(safe.Problem, res)
	w.retained()
	w.release(o)
	w.dictionary()
	res.Tables = w.tables
	slices.SortFunc(res.Tables, func(a, b PublicTable) int { return strings.Compare(a.Name, b.Name) })
	return res, nil
}

// maskColumn names, in each row, what was hidden, and reasonColumn says why: by the
// rule, or withheld. Which of the counts hidden by the rule are small isn't said: it
// would tell that they are.
const (
	maskColumn   = "masque"
	reasonColumn = "motif"
	byRule       = "secret"
	byRetention  = "retenu"
)

// writer makes the public tables.
type writer struct {
	hidden   func(cellOf) bool
	withheld withheld
	tables   []PublicTable
	tally    []tally
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
	one.Columns = append(slices.Clone(one.Columns), documented("disclosure."+maskColumn, maskColumn, "VARCHAR"),
		documented("disclosure."+reasonColumn, reasonColumn, "VARCHAR"))
	rows := make([][]any, len(m.rows))
	for n, row := range m.rows {
		rows[n] = append(slices.Clone(row), nil, nil)
	}
	count := tally{table: m.Name}
	var telling []int // rows whose presence alone tells, of what is withheld
	for _, mask := range m.masks {
		hidden := slices.ContainsFunc(mask.of, w.hidden)
		held := hidden && slices.ContainsFunc(mask.of, w.withheld.has)
		if held && m.sparse { // not even counted: how many there are tells
			telling = append(telling, mask.row)
			continue
		}
		count.cells++
		if !hidden {
			continue
		}
		count.masked++
		hide(rows[mask.row], m.at[mask.column], mask.column, held)
	}
	for _, n := range telling {
		rows[n] = nil
	}
	rows = slices.DeleteFunc(rows, func(row []any) bool { return row == nil })
	w.tables = append(w.tables, PublicTable{one, rows})
	w.tally = append(w.tally, count)
}

// hide takes a value out of a row that ends with what it hides and why.
func hide(row []any, at int, column string, held bool) {
	names, reason := &row[len(row)-2], &row[len(row)-1]
	row[at] = nil
	if *names != nil {
		column = (*names).(string) + "," + column
	}
	*names = column
	if held {
		*reason = byRetention
	} else if *reason == nil {
		*reason = byRule
	}
}

// retained lists the blocks this edition doesn't tell.
func (w *writer) retained() {
	t := described("retenus", "sujet, annee, detail", "sujet VARCHAR", "annee INTEGER", "detail VARCHAR")
	var rows [][]any
	for b := range w.withheld {
		rows = append(rows, []any{b.series, yearOf(b.year), orNil(b.level)})
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	w.tables = append(w.tables, PublicTable{t, rows})
}

// release says which edition this is, and when there may be another.
func (w *writer) release(o Options) {
	t := described("diffusion", "edition", "edition INTEGER", "jour DATE", "rythme VARCHAR")
	w.tables = append(w.tables, PublicTable{t, [][]any{{int64(o.Edition), o.Day.Time(), wording.Text("fr", "disclosure.every."+o.Every, nil)}}})
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// confidentiality says how much was hidden, and how safely.
func (w *writer) confidentiality(p *Problem, res Result) {
	t := described("confidentialite", "table",
		"table VARCHAR", "cellules BIGINT", "masquees BIGINT", "part_masquee DOUBLE", "seuil INTEGER", "perte DOUBLE", "perte_minimale DOUBLE",
		"intervalle_minimal BIGINT", "effectifs_determines BIGINT", "effectifs_exposes BIGINT", "blocs_retenus BIGINT")
	spent, least, whole := w.loss(p, res.Plan)
	all := tally{table: string(pipeline.Total)}
	var rows [][]any
	for _, one := range w.tally {
		all.cells, all.masked = all.cells+one.cells, all.masked+one.masked
		rows = append(rows, []any{one.table, one.cells, one.masked, percent(one.masked, one.cells), nil, nil, nil, nil, nil, nil, nil})
	}
	var narrowest any
	if res.Report.Narrowest >= 0 {
		narrowest = res.Report.Narrowest
	}
	rows = append(rows, []any{
		all.table, all.cells, all.masked, percent(all.masked, all.cells), p.Threshold, percent(spent, whole), percent(least, whole),
		narrowest, int64(res.Report.Determined), int64(len(res.Report.TooNarrow)), int64(res.Withheld),
	})
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	w.tables = append(w.tables, PublicTable{t, rows})
}

// loss is what hiding costs, what it costs at least, and what everything would.
func (w *writer) loss(p *Problem, plan Plan) (spent, least, whole int64) {
	must := int64(0)
	for i, q := range p.Quantities {
		whole += q.Cost
		if plan.Reasons[i] != None && plan.Reasons[i] != Secondary {
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
	return fmt.Sprintf("%d quantities hidden, the narrowest interval spans %d, %d blocks withheld",
		len(r.Report.Intervals), r.Report.Narrowest, r.Withheld)
}
