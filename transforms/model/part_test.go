package model_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A part is what it is in the whole: the same rows, from the tables it reads and no
// others.
func TestBuildPart(t *testing.T) {
	ctx, insert := context.Background(), "insert into source values (2, 'b'), (1, 'a'), (3, 'b')"
	whole, _, err := run(t, small(), insert)
	if err != nil {
		t.Fatal(err)
	}
	p, err := load(small())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		makes, laid []string
	}{
		{"part_odd", []string{"part_odd", "stg_kind", "stg_source", "thing"}, []string{"seed_kinds", "source"}},
		{"parts", []string{"part_even", "part_odd", "parts", "stg_kind", "stg_source", "thing"}, []string{"seed_kinds", "source"}},
		{"stg_kind", []string{"stg_kind"}, []string{"seed_kinds"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			part := memory(t)
			var laid []string
			err := p.BuildPart(ctx, part.Conn(), func(table string) error {
				laid = append(laid, table)
				if table == "source" {
					return part.Exec(ctx, "create table source (id integer, kind varchar); "+insert)
				}
				return part.Exec(ctx, "create table seed_kinds as select * from (values ('a', 'Alpha'), ('b', 'Beta, l''autre'), ('c', null)) t(kind, label)")
			}, c.name)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(laid)
			if d := cmp.Diff(c.laid, laid); d != "" {
				t.Error("tables asked for:", d)
			}
			made := ask(t, part, "select table_name from information_schema.tables where table_name not in ('source', 'seed_kinds') order by 1")
			if d := cmp.Diff(c.makes, made); d != "" {
				t.Error("made:", d)
			}
			rows := fmt.Sprintf("select to_json(t)::varchar from %s t order by 1", c.name)
			if d := cmp.Diff(ask(t, whole, rows), ask(t, part, rows)); d != "" {
				t.Error("other rows than in the whole:", d)
			}
		})
	}
	if err := p.BuildPart(ctx, memory(t).Conn(), func(table string) error { return fmt.Errorf("no %s", table) }, "thing"); err == nil {
		t.Error("built from tables that could not be laid")
	}
}
