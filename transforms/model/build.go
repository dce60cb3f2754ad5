package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Build derives every table from what is laid down, in the caller's transaction.
// Before the first one, the documentation itself becomes three tables, so that a
// mart can publish it: doc_table(name, fr, ar, grain), doc_column(table_name, n,
// column_name, type, fr, ar) and doc_check(name, severity, fr, ar).
func (p *Project) Build(ctx context.Context, db DB) error {
	if err := p.build(ctx, db); err != nil {
		return fmt.Errorf("build model: %w", err)
	}
	return nil
}

func (p *Project) build(ctx context.Context, db DB) error {
	if err := p.layDocumentation(ctx, db); err != nil {
		return err
	}
	steps, err := p.plan(ctx, db)
	if err != nil {
		return err
	}
	if err := p.buildSteps(ctx, db, steps); err != nil {
		return err
	}
	return p.compareHeaders(ctx, db)
}

// buildSteps makes tables, views and families in an order that serves each what
// it reads.
func (p *Project) buildSteps(ctx context.Context, db DB, steps []step) error {
	for _, s := range steps {
		var err error
		if s.query == nil {
			err = p.buildFamily(ctx, db, s.name)
		} else {
			err = s.query.build(ctx, db)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// build makes the query's table, whatever was there.
func (q *query) build(ctx context.Context, db DB) error {
	if q.header.Temporary {
		if err := dropTable(ctx, db, q.name); err != nil { // of an earlier version
			return fmt.Errorf("%s: %w", q.path, err)
		}
	}
	return q.create(ctx, db)
}

// create makes the query's table; staging, which only renames, is a view.
func (q *query) create(ctx context.Context, db DB) error {
	kind := "table"
	switch {
	case q.layer == staging:
		kind = "view"
	case q.header.Temporary:
		kind = "temp table"
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("create or replace %s %s as\n%s", kind, ident(q.name), q.sql)); err != nil {
		return fmt.Errorf("%s: %w", q.path, err)
	}
	return nil
}

// buildFamily makes the union of a family's members, each row with its member's
// name first: a view, as the members' tables hold every row already.
func (p *Project) buildFamily(ctx context.Context, db DB, name string) error {
	members := p.family(name)
	columns, err := sameColumns(ctx, db, members)
	if err != nil {
		return err
	}
	if err := dropTable(ctx, db, name); err != nil {
		return fmt.Errorf("family %s: %w", name, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "create or replace view %s as\n", ident(name))
	for i, q := range members {
		if i > 0 {
			b.WriteString("\nunion all\n")
		}
		fmt.Fprintf(&b, "select %s as source, %s from %s", literal(q.name), idents(columns), ident(q.name))
	}
	if _, err := db.ExecContext(ctx, b.String()); err != nil {
		return fmt.Errorf("family %s: %w", name, err)
	}
	return nil
}

// dropTable makes way for a view, or a temporary table, where a database of before
// has a table.
func dropTable(ctx context.Context, db DB, name string) error {
	there := false
	err := scan(ctx, db, "select 1 from duckdb_tables() where table_name = "+literal(name)+
		" and database_name = current_database() and schema_name = current_schema()", func([]string) { there = true })
	if err != nil || !there {
		return err
	}
	_, err = db.ExecContext(ctx, "drop table "+ident(name))
	return err
}

// sameColumns holds the members of a family to one list of columns and types,
// the first member's.
func sameColumns(ctx context.Context, db DB, members []*query) ([]string, error) {
	shapes, err := describe(ctx, db)
	if err != nil {
		return nil, err
	}
	var faults []error
	first := members[0]
	for _, q := range members[1:] {
		if got, want := shapes[q.name], shapes[first.name]; !slices.Equal(got, want) {
			faults = append(faults, fmt.Errorf("%s: columns %s; %s has %s", q.path, shapeText(got), first.path, shapeText(want)))
		}
	}
	var names []string
	for _, c := range shapes[first.name] {
		names = append(names, c.Name)
	}
	return names, errors.Join(faults...)
}

// plan parses every model and puts them in order.
func (p *Project) plan(ctx context.Context, db DB) ([]step, error) {
	statements, err := parse(ctx, db, p.models)
	if err != nil {
		return nil, err
	}
	makers := map[string]*query{}
	for _, q := range p.models {
		makers[q.name] = q
	}
	laid, err := laidTables(ctx, db)
	if err != nil {
		return nil, err
	}
	families := p.families()
	var steps []step
	var faults []error
	for _, q := range p.models {
		s := statements[q]
		if q.published() && !s.ordered {
			faults = append(faults, fmt.Errorf("%s: a published table ends with order by, so that editions can be compared byte for byte", q.path))
		}
		for _, name := range s.reads {
			source, derived := makers[name]
			switch {
			case derived && !q.layer.mayRead(source.layer):
				faults = append(faults, fmt.Errorf("%s: %s can't read %s, which is in %s", q.path, q.layer, name, source.layer))
			case derived || slices.Contains(families, name):
			case !laid[name]:
				faults = append(faults, fmt.Errorf("%s: reads %s, which nothing makes: neither a file here nor a table of the schema", q.path, name))
			case q.layer == core || q.layer == marts && !strings.HasPrefix(name, "doc_"):
				faults = append(faults, fmt.Errorf("%s: reads %s directly: only staging reads tables as they were laid", q.path, name))
			}
		}
		steps = append(steps, step{name: q.name, query: q, needs: s.reads})
	}
	for _, f := range families {
		s := step{name: f}
		for _, q := range p.family(f) {
			s.needs = append(s.needs, q.name)
		}
		steps = append(steps, s)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return order(steps)
}

// mayRead keeps the layers in one direction.
func (l layer) mayRead(source layer) bool {
	switch l {
	case staging:
		return false
	case core:
		return source == staging || source == core
	case marts:
		return source != checks
	}
	return true
}

// laidTables are the relations the database has, in lower case.
func laidTables(ctx context.Context, db DB) (map[string]bool, error) {
	laid := map[string]bool{}
	err := scan(ctx, db, "select lower(table_name) from duckdb_tables() where not internal", func(row []string) {
		laid[row[0]] = true
	})
	return laid, err
}
