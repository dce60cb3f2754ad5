package link

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cp3/pipeline"
)

// field is a column as the engine works on it: one of the spec's, or the given or
// family part of a full name.
type field struct {
	Column
	source []string // the spec columns it is read from
}

// resolve turns a spec's columns into fields: full names become a given and a
// family name, joining the columns of those kinds when there are some.
func resolve(s Spec) (fields []field, full []string) {
	for _, c := range s.Columns {
		if c.Kind == FullName {
			full = append(full, c.Name)
			continue
		}
		fields = append(fields, field{Column: c, source: []string{c.Name}})
	}
	for _, name := range full {
		fields = join(fields, GivenName, name)
		fields = join(fields, FamilyName, name)
	}
	return fields, full
}

// join makes the full name's part a source of the first field of that kind.
func join(fields []field, kind Kind, full string) []field {
	source := fullPart(full, kind)
	for i, f := range fields {
		if f.Kind == kind {
			fields[i].source = append(fields[i].source, source)
			return fields
		}
	}
	return append(fields, field{Column: Column{Name: full, Kind: kind}, source: []string{source}})
}

func fullPart(full string, kind Kind) string { return full + "\x00" + string(kind) }

// firstOf is the index of the first field of a kind, -1 when there is none.
func firstOf(fields []field, kind Kind) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.Kind == kind })
}

// load copies the records of a relation into link_input, every value as text,
// numbered by the rank of their id (of what order says before, and then of their id),
// so that nothing after depends on the order of rows; and then reads them.
func (e *engine) load(ctx context.Context, from, order, columns string) (*raw, error) {
	values, err := e.values(ctx, from)
	if err != nil {
		return nil, err
	}
	err = e.exec(ctx, fmt.Sprintf("create or replace temp table link_input as select row_number() over () - 1 as n, * from (select %s, %s from %s order by %s%s)",
		e.named(values), columns, from, order, values[0]))
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	r, err := e.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	if err := r.check(e.spec.ID); err != nil {
		return nil, err
	}
	return r, e.drop(ctx, "link_input")
}

// raw is what records say, as it was written: each distinct text of a column once.
type raw struct {
	ids     []string
	digests []uint64 // of all that each says
	late    int      // from here on they came after those to learn from
	stands  []bool
	columns []rawColumn // as in inputColumns
}

// rawColumn is one column of raw.
type rawColumn struct {
	texts []string
	of    []int32 // by record, -1 for none
	times []int32 // by text: how many of the records to learn from say it
	index map[string]int32
}

// readAtOnce is how many records are asked of the database at a time.
const readAtOnce = 1 << 16

func (e *engine) read(ctx context.Context) (*raw, error) {
	var n int
	if err := e.conn.QueryRowContext(ctx, "select count(*) from link_input").Scan(&n); err != nil {
		return nil, err
	}
	if n > mostRecords {
		return nil, fmt.Errorf("%d records: at most %d are linked", n, mostRecords)
	}
	columns := e.inputColumns()
	r := &raw{ids: make([]string, n), digests: make([]uint64, n), stands: make([]bool, n), late: n, columns: make([]rawColumn, len(columns))}
	for i := range r.columns {
		r.columns[i] = rawColumn{of: make([]int32, n), index: map[string]int32{}}
	}
	said := list(columns, func(i int, _ string) string { return fmt.Sprintf("i%d", i) }, ", ")
	for first := 0; first < n; first += readAtOnce {
		query := fmt.Sprintf("select n, id, hash(id, %[1]s), late, stands, %[1]s from link_input where n >= %[2]d and n < %[3]d", said, first, first+readAtOnce)
		if err := e.db.Fetch(ctx, query, func(row pipeline.QueryRow) error { r.add(row); return nil }); err != nil {
			return nil, err
		}
	}
	for i := range r.columns {
		r.columns[i].index = nil
	}
	return r, nil
}

func (r *raw) add(row pipeline.QueryRow) {
	n := int(row.Int(0))
	if id, ok := row.Text(1); ok {
		r.ids[n] = strings.Clone(id)
	}
	r.digests[n], r.stands[n] = uint64(row.Int(2)), row.Bool(4)
	late := row.Bool(3)
	if late {
		r.late = min(r.late, n)
	}
	for i := range r.columns {
		text, ok := row.Text(5 + i)
		r.columns[i].add(n, text, ok, late)
	}
}

func (c *rawColumn) add(n int, text string, ok, late bool) {
	if !ok {
		c.of[n] = -1
		return
	}
	t, known := c.index[text]
	if !known {
		t = int32(len(c.texts))
		text = strings.Clone(text)
		c.texts, c.times = append(c.texts, text), append(c.times, 0)
		c.index[text] = t
	}
	c.of[n] = t
	if !late {
		c.times[t]++
	}
}

// check finds records without an id, or with another's.
func (r *raw) check(column string) error {
	none, twice := 0, 0
	for i, id := range r.ids {
		if id == "" {
			none++
		} else if i > 0 && id == r.ids[i-1] {
			twice++
		}
	}
	switch {
	case none > 0:
		return fmt.Errorf("%d records have no %s: every record needs one of its own", none, column)
	case twice > 0:
		return fmt.Errorf("%d records share their %s with another: every record needs one of its own", twice, column)
	}
	return nil
}

// values are the SQL of a record's values as texts, on a relation: its id, then
// those of inputColumns.
func (e *engine) values(ctx context.Context, from string) ([]string, error) {
	floats, err := e.checkColumns(ctx, from)
	if err != nil {
		return nil, err
	}
	text := func(column string) string {
		if floats[strings.ToLower(column)] {
			return wholeNumber(ident(column))
		}
		return ident(column) + "::varchar"
	}
	values := []string{text(e.spec.ID)}
	for _, c := range e.inputColumns() {
		values = append(values, fmt.Sprintf("nullif(trim(%s), '')", text(c)))
	}
	return values, nil
}

// named selects values as id, i0, i1, ...
func (e *engine) named(values []string) string {
	return fmt.Sprintf("case when trim(%[1]s) <> '' then %[1]s end as id", values[0]) +
		list(values[1:], func(i int, v string) string { return fmt.Sprintf(", %s as i%d", v, i) }, "")
}

// inputColumns are the spec's columns and those that «within» names.
func (e *engine) inputColumns() []string {
	var names []string
	for _, c := range e.spec.Columns {
		names = append(names, c.Name)
	}
	for _, c := range e.spec.Columns {
		if c.Within != "" && !slices.Contains(names, c.Within) {
			names = append(names, c.Within)
		}
	}
	return names
}

func (e *engine) input(name string) int {
	return slices.Index(e.inputColumns(), name)
}

// wholeNumber writes 612345678.0 as 612345678: a column of numbers, some of them
// missing, is often stored as one of floats.
func wholeNumber(column string) string {
	return fmt.Sprintf("case when %[1]s = floor(%[1]s) and abs(%[1]s) < 1e15 then %[1]s::bigint::varchar else %[1]s::varchar end", column)
}

// checkColumns says which column the data doesn't have, rather than DuckDB, and
// which ones hold floats.
func (e *engine) checkColumns(ctx context.Context, from string) (floats map[string]bool, err error) {
	rows, err := e.conn.QueryContext(ctx, "select * from "+from+" limit 0")
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	floats = map[string]bool{}
	var have []string
	for _, t := range types {
		have = append(have, t.Name())
		floats[strings.ToLower(t.Name())] = t.DatabaseTypeName() == "DOUBLE" || t.DatabaseTypeName() == "FLOAT"
	}
	missing := func(want string, line int) error {
		if slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, want) }) {
			return nil
		}
		return &SpecError{File: e.spec.file, Line: line, Msg: fmt.Sprintf("the data has no column %q; it has %s", want, strings.Join(have, ", "))}
	}
	if err := missing(e.spec.ID, e.spec.idLine); err != nil {
		return nil, err
	}
	for _, c := range e.spec.Columns {
		for _, want := range []string{c.Name, cmp.Or(c.Within, c.Name)} {
			if err := missing(want, c.line); err != nil {
				return nil, err
			}
		}
	}
	return floats, nil
}
