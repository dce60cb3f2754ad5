package link

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cp3/pipeline"
	"cp3/pipeline/parallel"
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

// relation is records in the database: in an order, and then in that of their ids.
type relation struct {
	from         string // as in Input
	order        string // what comes before the id, each with a comma after it
	late, stands string // the SQL of whether a record is late, and stands
	most         int    // records
}

// load reads the records of a relation, every value as text, and numbers them by their
// order, so that nothing after depends on that of rows. DuckDB has what it answers in
// memory at once: what is large is put in order in a table, and asked for in parts.
func (e *engine) load(ctx context.Context, from relation) (*raw, error) {
	if from.most > mostRecords {
		return nil, fmt.Errorf("load: %d records: at most %d are linked", from.most, mostRecords)
	}
	values, err := e.values(ctx, from.from)
	if err != nil {
		return nil, err
	}
	named := list(values, func(i int, v string) string { return fmt.Sprintf("%s as i%d", v, i) }, ", ")
	ordered := fmt.Sprintf("select %s, %s as late, %s as stands from %s order by %s%s", named, from.late, from.stands, from.from, from.order, values[0])
	r := newRaw(from.most, len(values)-1)
	if from.most <= readAtOnce {
		err = e.fetch(ctx, "("+ordered+")", r)
	} else {
		err = e.fetchInParts(ctx, ordered, r)
	}
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	r.done()
	return r, r.check(e.spec.ID)
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
	index index
}

func newRaw(most, columns int) *raw {
	r := &raw{ids: make([]string, 0, most), digests: make([]uint64, 0, most), stands: make([]bool, 0, most), late: -1, columns: make([]rawColumn, columns)}
	for i := range r.columns {
		r.columns[i] = rawColumn{of: make([]int32, 0, most), index: newIndex()}
	}
	return r
}

// readAtOnce is how many records are asked of the database at a time. A variable for
// tests, which have fewer.
var readAtOnce = 1 << 16

// fetchInParts adds records part after part. A table's rows come in the order in which
// they were put in.
func (e *engine) fetchInParts(ctx context.Context, ordered string, r *raw) error {
	if err := e.exec(ctx, "create or replace temp table link_input as select row_number() over () - 1 as n, * from ("+ordered+")"); err != nil {
		return err
	}
	for first := 0; first == len(r.ids); first += readAtOnce {
		if err := e.fetch(ctx, fmt.Sprintf("(from link_input where n >= %d and n < %d)", first, first+readAtOnce), r); err != nil {
			return err
		}
	}
	return e.drop(ctx, "link_input")
}

// fetch adds records, in the order in which they come.
func (e *engine) fetch(ctx context.Context, from string, r *raw) error {
	said := list(r.columns, func(i int, _ rawColumn) string { return fmt.Sprintf("i%d", i+1) }, ", ")
	return e.db.FetchMany(ctx, fmt.Sprintf("select i0, hash(i0, %[1]s), late, stands, %[1]s from %[2]s", said, from), func(rows []pipeline.QueryRow) error {
		r.add(rows)
		return nil
	})
}

func (r *raw) add(rows []pipeline.QueryRow) {
	for _, row := range rows {
		id, _ := row.Text(0)
		if trimmed(id) == "" {
			id = ""
		}
		if row.Bool(2) && r.late < 0 {
			r.late = len(r.ids)
		}
		r.ids, r.digests, r.stands = append(r.ids, strings.Clone(id)), append(r.digests, uint64(row.Int(1))), append(r.stands, row.Bool(3))
	}
	parallel.Each(len(r.columns), func(i int) {
		c := &r.columns[i]
		for _, row := range rows {
			text, _ := row.Text(4 + i)
			c.add(text, r.late >= 0 && len(c.of) >= r.late)
		}
	})
}

func (c *rawColumn) add(text string, late bool) {
	if text = trimmed(text); text == "" {
		c.of = append(c.of, -1)
		return
	}
	t, known := c.index.find(c.texts, text)
	if !known {
		c.texts, c.times = append(c.texts, strings.Clone(text)), append(c.times, 0)
	}
	c.of = append(c.of, t)
	if !late {
		c.times[t]++
	}
}

// trimmed is a text without the spaces around it, of which there are none most often.
func trimmed(text string) string {
	if n := len(text); n > 0 && plain(text[0]) && plain(text[n-1]) {
		return text
	}
	return strings.TrimFunc(text, func(r rune) bool { return unicode.Is(unicode.Zs, r) })
}

// plain is what no space begins or ends with.
func plain(b byte) bool { return b != ' ' && b < utf8.RuneSelf }

// done forgets what is needed to add records.
func (r *raw) done() {
	if r.late < 0 {
		r.late = len(r.ids)
	}
	for i := range r.columns {
		r.columns[i].index = index{}
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
		values = append(values, text(c))
	}
	return values, nil
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
