package model_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"cp3/pipeline/store"
	"cp3/transforms/model"
)

// small is a sound project: a source, a seed, a core step, two family members, a
// published table, a check of each severity.
func small() map[string]string {
	return map[string]string{
		"schema/0001_create.sql":     "create table source (id integer, kind varchar);",
		"seeds/kinds.csv":            "kind,label\na,Alpha\nb,\"Beta, l'autre\"\nc,\n",
		"staging/stg_source.sql":     "/*\ndescription: The source.\n*/\nselect id, kind from source",
		"staging/stg_kind.sql":       "/*\ndescription: The kinds.\n*/\nselect kind, label from seed_kinds",
		"core/thing.sql":             "/*\ndescription: Things.\ngrain: [id]\n*/\nwith stg_source as (select * from stg_source)\nselect * from stg_source join stg_kind using (kind)",
		"marts/parts/part_even.sql":  "/*\ndescription: Even ones.\n*/\nselect id from thing where id % 2 = 0",
		"marts/parts/part_odd.sql":   "/*\ndescription: Odd ones.\n*/\nselect id from thing where id % 2 = 1",
		"marts/choses.sql":           choses,
		"checks/chk_few.sql":         "/*\ndescription: Peu de choses.\ndescription_ar: أشياء قليلة.\nseverity: error\n*/\nselect id from choses where id > 9",
		"checks/chk_odd_is_rare.sql": "/*\ndescription: Peu d'impairs.\ndescription_ar: قليل من الفردية.\nseverity: warning\n*/\nselect id from choses where id = 3",
		"checks/.keep":               "",
	}
}

const choses = `/*
description: Les choses.
description_ar: الأشياء.
grain: [id]
columns:
  - {name: id, type: INTEGER, fr: "Numéro", ar: "الرقم"}
  - {name: partie, type: VARCHAR, fr: "Partie", ar: "الجزء"}
  - {name: libelle, type: VARCHAR, fr: "Libellé", ar: "التسمية"}
checks:
  - not_null: [libelle]
  - accepted: {column: partie, values: [part_even, part_odd]}
  - refers: {column: id, to: stg_source.id}
*/
select parts.id, parts.source as partie, thing.label as libelle
from parts
join thing using (id)
order by id
`

func load(files map[string]string) (*model.Project, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return model.Load(fsys)
}

// with is small with files replaced; an empty text removes one.
func with(change map[string]string) map[string]string {
	files := small()
	maps.Copy(files, change)
	for name, text := range change {
		if text == "" {
			delete(files, name)
		}
	}
	return files
}

func memory(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// run does all a run does with a project, after source rows are inserted.
func run(t *testing.T, files map[string]string, insert string) (*store.DB, []model.Failure, error) {
	t.Helper()
	ctx, db := context.Background(), memory(t)
	p, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Schema(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(ctx, insert); err != nil {
		t.Fatal(err)
	}
	if err := p.Seed(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := p.Build(ctx, db.Conn()); err != nil {
		return db, nil, err
	}
	failures, err := p.Check(ctx, db.Conn())
	return db, failures, err
}

func TestBuildFollowsWhatIsRead(t *testing.T) {
	db, failures, err := run(t, small(), "insert into source values (2, 'b'), (1, 'a')")
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	want := []string{"1 part_odd Alpha", "2 part_even Beta, l'autre"}
	if d := cmp.Diff(want, ask(t, db, "from choses")); d != "" {
		t.Error(d)
	}
	docs := ask(t, db, "select table_name, n, column_name, type, fr, ar from doc_column")
	if d := cmp.Diff("choses 1 id INTEGER Numéro الرقم", docs[0]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"1"}, ask(t, db, "select count(*) from seed_kinds where label is null")); d != "" {
		t.Errorf("an empty cell of a seed is NULL: %s", d)
	}
}

func TestCheckReportsWhatBreaksAClaim(t *testing.T) {
	_, failures, err := run(t, small(), "insert into source values (3, 'a'), (3, 'a'), (10, 'c'), (12, 'b')")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range failures {
		got = append(got, string(f.Severity)+" "+f.String())
	}
	want := []string{
		"error chk_few: 2 row(s): Peu de choses. [id=10; id=12]",
		"error choses: grain: 1 row(s): une ligne par id [id=3 lignes=4]",
		"error choses: libelle not_null: 1 row(s): libelle est toujours renseigné [id=10]",
		"error thing: grain: 1 row(s): une ligne par id [id=3 lignes=2]",
		"warning chk_odd_is_rare: 4 row(s): Peu d'impairs.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWarningsAreAFamily(t *testing.T) {
	anomalies := `/*
description: Les anomalies.
description_ar: الاختلالات.
grain: [id]
columns:
  - {name: source, type: VARCHAR, fr: "Règle", ar: "القاعدة"}
  - {name: id, type: INTEGER, fr: "Numéro", ar: "الرقم"}
  - {name: message, type: VARCHAR, fr: "Message", ar: "الرسالة"}
*/
select w.source, w.id, d.fr as message from warnings w join doc_check d on d.name = w.source order by id`
	db, _, err := run(t, with(map[string]string{"marts/anomalies.sql": anomalies}), "insert into source values (3, 'a')")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"chk_odd_is_rare 3 Peu d'impairs."}, ask(t, db, "from anomalies")); d != "" {
		t.Error(d)
	}
}

func TestPublished(t *testing.T) {
	p, err := load(small())
	if err != nil {
		t.Fatal(err)
	}
	got := p.Published()
	if len(got) != 1 || got[0].Name != "choses" || got[0].Grain != "id" || got[0].DescriptionAR != "الأشياء." ||
		got[0].Columns[2] != (model.Column{Name: "libelle", Type: "VARCHAR", FR: "Libellé", AR: "التسمية"}) {
		t.Errorf("%+v", got)
	}
}

// What can be seen wrong in the text alone.
func TestLoadRefuses(t *testing.T) {
	header := "/*\ndescription: X.\n*/\n"
	cases := map[string]struct {
		change map[string]string
		want   string
	}{
		"no header":            {map[string]string{"core/thing.sql": "select 1"}, "core/thing.sql:1: a file begins with a header"},
		"an unknown key":       {map[string]string{"core/thing.sql": "/*\ndescription: X.\ncolour: red\n*/\nselect 1"}, `[3:1] unknown field "colour"`},
		"no description":       {map[string]string{"core/thing.sql": "/*\ngrain: [id]\n*/\nselect 1"}, "core/thing.sql: header: description is missing"},
		"a stray file":         {map[string]string{"core/thing.txt": "x"}, "core/thing.txt: only .sql files belong in core"},
		"a stray folder":       {map[string]string{"core/deep/thing.sql": header + "select 1"}, "core/deep/thing.sql: only marts has sub-folders"},
		"two of a name":        {map[string]string{"marts/parts/thing.sql": header + "select 1"}, `core/thing.sql already makes "thing"`},
		"a seed's name":        {map[string]string{"core/seed_kinds.sql": header + "select 1"}, `already makes "seed_kinds"`},
		"a ragged seed":        {map[string]string{"seeds/kinds.csv": "a,b\n1\n"}, "seeds/kinds.csv: record on line 2: wrong number of fields"},
		"no Arabic":            {map[string]string{"marts/choses.sql": strings.Replace(choses, `, ar: "الرقم"`, "", 1)}, `column "id" needs a name, a type and a description in fr and ar`},
		"a time of day":        {map[string]string{"marts/choses.sql": strings.Replace(choses, "type: INTEGER", "type: TIMESTAMP", 1)}, "column id: published tables hold dates, never times"},
		"no grain":             {map[string]string{"marts/choses.sql": strings.Replace(choses, "grain: [id]\n", "", 1)}, "grain is missing"},
		"a grain of nothing":   {map[string]string{"marts/choses.sql": strings.Replace(choses, "grain: [id]", "grain: [idd]", 1)}, "grain: there is no column idd"},
		"a check of nothing":   {map[string]string{"marts/choses.sql": strings.Replace(choses, "[libelle]", "[label]", 1)}, "checks: there is no column label"},
		"a check of two minds": {map[string]string{"core/thing.sql": "/*\ndescription: X.\nchecks:\n  - {not_null: [a], refers: {column: a, to: b.c}}\n*/\nselect 1"}, "a check has one of"},
		"no severity":          {map[string]string{"checks/chk_few.sql": "/*\ndescription: X.\ndescription_ar: X.\n*/\nselect 1"}, `severity ""`},
		"a misnamed check":     {map[string]string{"checks/few.sql": "/*\ndescription: X.\ndescription_ar: X.\nseverity: error\n*/\nselect 1"}, "a check is named chk_"},
		"a misnamed staging":   {map[string]string{"staging/source.sql": header + "select 1"}, "a staging file is named stg_"},
		"a misnamed migration": {map[string]string{"schema/1_create.sql": "select 1"}, "a migration is named NNNN_verb.sql"},
		"a number taken":       {map[string]string{"schema/0001_more.sql": "select 1"}, "already has number 0001"},
	}
	for name, c := range cases {
		_, err := load(with(c.change))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want ...%s...", name, err, c.want)
		}
	}
}

// What takes the database to see.
func TestBuildRefuses(t *testing.T) {
	header := "/*\ndescription: X.\n*/\n"
	cases := map[string]struct {
		change map[string]string
		want   string
	}{
		"a syntax error, by its line":  {map[string]string{"core/thing.sql": header + "select 1\nfrom from"}, "core/thing.sql: line 5: syntax error"},
		"two statements":               {map[string]string{"core/thing.sql": header + "select 1; select 2"}, "core/thing.sql: a file holds one SELECT"},
		"a table nothing makes":        {map[string]string{"core/thing.sql": header + "select * from nowhere"}, "core/thing.sql: reads nowhere, which nothing makes"},
		"a laid table out of staging":  {map[string]string{"core/thing.sql": header + "select * from source"}, "core/thing.sql: reads source directly"},
		"a layer above":                {map[string]string{"core/thing.sql": header + "select 1 as id, '' as label from choses"}, "core can't read choses, which is in marts"},
		"staging that joins staging":   {map[string]string{"staging/stg_kind.sql": header + "select * from stg_source"}, "staging can't read stg_source"},
		"a circle":                     {map[string]string{"core/thing.sql": header + "select * from other", "core/other.sql": header + "select * from thing"}, "these read each other in a circle: thing reads other reads thing"},
		"a mart without order":         {map[string]string{"marts/choses.sql": strings.Replace(choses, "order by id\n", "", 1)}, "marts/choses.sql: a published table ends with order by"},
		"an order of a part only":      {map[string]string{"marts/choses.sql": strings.Replace(strings.Replace(choses, "order by id\n", "", 1), "from parts\n", "from (select * from parts order by id) as parts\n", 1)}, "ends with order by"},
		"a header that lies":           {map[string]string{"marts/choses.sql": strings.Replace(choses, "type: INTEGER", "type: BIGINT", 1)}, "marts/choses.sql: the header says id BIGINT, partie VARCHAR, libelle VARCHAR; the query gives id INTEGER"},
		"a family that disagrees":      {map[string]string{"marts/parts/part_odd.sql": header + "select id, 1 as extra from thing"}, "marts/parts/part_odd.sql: columns id INTEGER, extra INTEGER; marts/parts/part_even.sql has id INTEGER"},
		"a query that can't be bound":  {map[string]string{"core/thing.sql": header + "select nothing from stg_source"}, `core/thing.sql: Binder Error: Referenced column "nothing"`},
		"a check that can't be asked":  {map[string]string{"checks/chk_few.sql": "/*\ndescription: X.\ndescription_ar: X.\nseverity: error\n*/\nselect nothing from choses"}, "chk_few: Binder Error"},
		"a table only a CTE elsewhere": {map[string]string{"core/thing.sql": header + "select * from (with a as (select 1) select * from a) join a using (x)"}, "reads a, which nothing makes"},
	}
	for name, c := range cases {
		_, _, err := run(t, with(c.change), "insert into source values (1, 'a')")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want ...%s...", name, err, c.want)
		}
	}
}

// Tables are found wherever SQL can name one.
func TestDependenciesAreFoundAnywhere(t *testing.T) {
	for name, sql := range map[string]string{
		"a join using":        "select id from stg_source join z_late using (id)",
		"a scalar subquery":   "select (select max(id) from z_late) as id",
		"an exists":           "select id from stg_source where exists (select 1 from z_late)",
		"a lateral join":      "select s.id from stg_source s, lateral (select * from z_late z where z.id = s.id)",
		"a set operation":     "select id from stg_source union all select id from z_late",
		"a CTE of its name":   "with z_late as (select * from z_late) select id from z_late",
		"a nested CTE":        "with a as (with b as (from z_late) select * from b) select id from a",
		"another case":        `select id from "Z_LATE"`,
		"an unpivot":          "select id from (unpivot (select id, id as v from z_late) on v)",
		"a semi join":         "select id from stg_source semi join z_late using (id)",
		"an in of a subquery": "select id from stg_source where id in (from z_late)",
	} {
		files := with(map[string]string{
			"core/a_first.sql": "/*\ndescription: Reads a file that comes later by name.\n*/\n" + sql,
			"core/z_late.sql":  "/*\ndescription: Late.\n*/\nselect id from stg_source",
		})
		if _, _, err := run(t, files, "insert into source values (1, 'a')"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchema(t *testing.T) {
	ctx, db := context.Background(), memory(t)
	apply := func(change map[string]string) error {
		t.Helper()
		p, err := load(with(change))
		if err != nil {
			t.Fatal(err)
		}
		return p.Schema(ctx, db.Conn())
	}
	more := map[string]string{"schema/0002_add.sql": "create table more (id integer); insert into more values (1);"}
	broken := map[string]string{"schema/0002_add.sql": "create table more (id integer); insert into nowhere values (1);"}
	if err := apply(nil); err != nil {
		t.Fatal(err)
	}
	if err := apply(broken); err == nil || !strings.Contains(err.Error(), "schema/0002_add.sql") {
		t.Errorf("a broken migration: %v", err)
	}
	if err := apply(more); err != nil {
		t.Errorf("the broken migration left something behind: %v", err)
	}
	if err := apply(more); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if d := cmp.Diff([]string{"1"}, ask(t, db, "select count(*) from more")); d != "" {
		t.Errorf("applied once only: %s", d)
	}
	if err := apply(map[string]string{"schema/0002_add.sql": "create table more (id bigint);"}); err == nil || !strings.Contains(err.Error(), "was edited after") {
		t.Errorf("an edited migration: %v", err)
	}
	if err := apply(nil); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("a migration this program doesn't know: %v", err)
	}
}
