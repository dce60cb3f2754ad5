package link

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
)

// field is a column as the engine works on it: one of the spec's, or the given or
// family part of a full name.
type field struct {
	Column
	source []string // the spec columns it is read from
}

// prefix names the field's feature columns in link_record: c0x, c0s, ...
func prefix(i int) string { return fmt.Sprintf("c%d", i) }

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

// load copies the records of a relation, every value as text, numbered from first
// on by the rank of their id (of column before, when there is one, and then of
// their id), so that nothing after depends on the order of rows. It returns how
// many there are.
func (e *engine) load(ctx context.Context, from string, first int, before string) (int, error) {
	values, err := e.values(ctx, from)
	if err != nil {
		return 0, err
	}
	if before != "" {
		before += ", "
	}
	err = e.exec(ctx, fmt.Sprintf("create or replace temp table link_input as select row_number() over (order by %s%s) - 1 + %d as n, %s from %s",
		before, values[0], first, e.named(values), from))
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	row := e.conn.QueryRowContext(ctx, `select count(*), count(id), count(distinct id),
		(select min(id) from (select id from link_input group by id having count(*) > 1)) from link_input`)
	var n, filled, distinct int
	var twice *string
	if err := row.Scan(&n, &filled, &distinct, &twice); err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	if filled < n {
		return 0, fmt.Errorf("%d records have no %s: every record needs one of its own", n-filled, e.spec.ID)
	}
	if twice != nil {
		return 0, fmt.Errorf("%d records share their %s with another: every record needs one of its own", n-distinct, e.spec.ID)
	}
	return n, nil
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

func (e *engine) input(name string) string {
	return fmt.Sprintf("i%d", slices.Index(e.inputColumns(), name))
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

// prepare makes link_record: one row a record, its fields' features and how rare
// their values are, in bits.
func (e *engine) prepare(ctx context.Context) error {
	if err := e.learnRoles(ctx); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	if err := e.describe(ctx); err != nil {
		return err
	}
	return e.frequencies(ctx)
}

// describe makes link_base: the loaded records' fields' features.
func (e *engine) describe(ctx context.Context) error {
	if err := e.splitFullNames(ctx); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for i := range e.fields {
		if err := e.dictionary(ctx, i); err != nil {
			return fmt.Errorf("prepare %s: %w", e.fields[i].Name, err)
		}
	}
	return e.records(ctx)
}

// raw is the SQL of a field's raw value, on e.inputs().
func (e *engine) raw(i int) string {
	var sources []string
	for _, s := range e.fields[i].source {
		if full, kind, ok := strings.Cut(s, "\x00"); ok {
			sources = append(sources, fmt.Sprintf("s%d.%s", slices.Index(e.full, full), kind))
		} else {
			sources = append(sources, "i."+e.input(s))
		}
	}
	return "coalesce(" + strings.Join(sources, ", ") + ")"
}

// inputs is the FROM clause of the loaded records with their full names' parts.
func (e *engine) inputs() string {
	from := "link_input i"
	for k, full := range e.full {
		from += fmt.Sprintf(" left join link_split s%d on s%d.raw = i.%s", k, k, e.input(full))
	}
	return from
}

// dictionary prepares each distinct value of a field once, in Go.
func (e *engine) dictionary(ctx context.Context, i int) error {
	f := e.fields[i]
	table := "link_value" + fmt.Sprint(i)
	values, err := e.strings(ctx, "select distinct "+e.raw(i)+" as v from "+e.inputs()+" where v is not null order by v")
	if err != nil {
		return err
	}
	columns := []string{"raw varchar"}
	for _, ft := range features(f.Kind) {
		columns = append(columns, ft.name+" "+ft.sqlType)
	}
	if err := e.exec(ctx, "create or replace temp table "+table+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	var read dateReader
	if f.Kind == Date {
		read = newDateReader(f.Format, values)
	}
	_, err = e.db.Append(ctx, table, nil, func(yield func([]driver.Value) bool) {
		for _, raw := range values {
			if v := extract(f.Kind, raw, read); v != nil && !yield(append([]driver.Value{raw}, v...)) {
				return
			}
		}
	})
	return err
}

// records joins the dictionaries into link_base.
func (e *engine) records(ctx context.Context) error {
	var columns, joins []string
	for i, f := range e.fields {
		for _, ft := range features(f.Kind) {
			columns = append(columns, fmt.Sprintf("v%d.%s as %s%s", i, ft.name, prefix(i), ft.name))
		}
		if f.Within != "" {
			columns = append(columns, fmt.Sprintf("lower(i.%s) as %sin", e.input(f.Within), prefix(i)))
		}
		joins = append(joins, fmt.Sprintf("left join link_value%d v%d on v%d.raw = %s", i, i, i, e.raw(i)))
	}
	err := e.exec(ctx, "create or replace temp table link_base as select i.n::integer as n, "+strings.Join(columns, ", ")+
		" from "+e.inputs()+" "+strings.Join(joins, " "))
	if err != nil {
		return fmt.Errorf("records: %w", err)
	}
	return nil
}
