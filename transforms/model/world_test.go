package model_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cp3/pipeline/store"
	cp3sql "cp3/sql"
	"cp3/transforms/model"
)

// A world is what members sent, written as a story: one line per file, indented
// lines for its rows.
//
//	EN 2020-T1 04 covers ACCUEIL,REFERENCEMENT
//	  a F ACCUEIL 2020-02-01
//	  + REFERENCEMENT 2020-02-03 toward=ANAPEC
//	  company "Atlas" ice=1 2020-02-01 asked
//	  meeting 2020-03-01 EN=2 ANAPEC=1
//	  session 2020-03-01 EN,ANAPEC n=10 pre=4 post=6 answers=10 content=9
//	  declared 1.1 F=3 T=5
//
// A lower-case letter names a person: the same letter is the same person. "+" adds
// a service to the row above. Words like targeted, !pilot, region=06 qualify a
// service; "#" begins a remark.
type world struct {
	rows map[string][]string // table -> tuples of SQL literals
	file int
	row  int
	head header
}

type header struct {
	id, member, role, region, quarter string
	year                              string
}

func tell(story string) *world {
	w := &world{rows: map[string][]string{}}
	for _, line := range strings.Split(story, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
			w.addRow(words)
		default:
			w.addFile(words)
		}
	}
	return w
}

var roles = map[string]string{"CP3-RSK": "committee", "CP3-CS": "committee", "AMAPPE": "ngo"}

func (w *world) add(table string, cells ...string) {
	w.rows[table] = append(w.rows[table], "("+strings.Join(cells, ", ")+")")
}

func text(s string) string {
	if s == "" {
		return "null"
	}
	return store.Quote(s)
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

// options splits "k=v" words and flags from the words that are neither.
func options(words []string) (plain []string, opt map[string]string) {
	opt = map[string]string{}
	for _, word := range words {
		k, v, has := strings.Cut(word, "=")
		switch {
		case has:
			opt[k] = v
		case strings.HasPrefix(word, "!"):
			opt[word[1:]] = "false"
		default:
			plain = append(plain, word)
		}
	}
	return plain, opt
}

func (w *world) addFile(words []string) {
	w.file++
	w.row = 1
	words, opt := options(words)
	h := header{id: fmt.Sprintf("%016x", w.file), member: words[0], role: roles[words[0]]}
	if id := opt["id"]; id != "" {
		h.id = id
	}
	if h.role == "" {
		h.role = "institution"
	}
	h.year, h.quarter, _ = strings.Cut(words[1], "-T")
	if len(words) > 2 && words[2] != "covers" && words[2] != "-" {
		h.region = words[2]
	}
	w.head = h
	status, structure := opt["status"], opt["structure"]
	if status == "" {
		status = "acceptee"
	}
	name := h.id + ".xlsx"
	received := opt["received"]
	if received == "" {
		received = "2021-01-10"
	}
	w.add("submission", text(h.id), strconv.Itoa(w.file), text(h.member), text(h.role), text(structure), text(structure),
		text(h.region), "null", h.year, orNull(h.quarter), "'CP3'", "'1'", "'fr'", text(h.member+"/"+name), text(name),
		text(strings.Repeat("0", 64)), "timestamp "+text(received+" 10:11:12"), "null", text(status), "null", "1", "1", "0", text(status))
	if at := slices.Index(words, "covers"); at >= 0 {
		for _, topic := range strings.Split(words[at+1], ",") {
			w.add("coverage", text(h.id), "'S'", text(topic), h.year, orNull(h.quarter), text(h.region))
		}
	}
}

func (w *world) addRow(words []string) {
	kind := words[0]
	words, opt := options(words[1:])
	if kind != "+" {
		w.row++
	}
	at := []string{text(w.head.id), "'S'", strconv.Itoa(w.row)}
	switch kind {
	case "covers":
		w.add("coverage", text(w.head.id), "'S'", text(words[0]), orNull(words[1]), orNull(opt["quarter"]), text(opt["region"]))
	case "+":
		w.addService(at, words, opt)
	case "company":
		w.addCompany(at, words, opt)
	case "meeting":
		for _, institution := range slices.Sorted(maps.Keys(opt)) {
			w.add("attendance", at[0], at[1], at[2], date(words[0]), text(w.head.region), text(institution), opt[institution], "0")
		}
	case "session":
		w.addSession(at, words, opt)
	case "declared":
		w.addDeclared(at, words[0], opt)
	default:
		birth := "null"
		if opt["born"] != "" {
			birth = date(opt["born"])
		}
		w.add("mention", at[0], at[1], at[2], w.mention(), "'NOM'", "'Prénom'", "null", text(words[0]), birth, "'jour'",
			text(opt["nationality"]), text(opt["status"]), "null", "null", "null", "null", "null", "null", "null", "null")
		w.add("person_mention", w.mention(), text("p"+kind))
		if len(words) > 1 {
			w.addService(at, words[1:], opt)
		}
	}
}

func (w *world) mention() string { return text(fmt.Sprintf("%s/S/%d", w.head.id, w.row)) }

// date is a literal for the first day of 2020, 2020-05 or 2020-05-07.
func date(s string) string { return "date " + text((s + "-01-01")[:10]) }

func precision(s string) string {
	return map[int]string{4: "'annee'", 7: "'mois'", 10: "'jour'"}[len(s)]
}

func (w *world) addService(at, words []string, opt map[string]string) {
	day, known := "null", "null"
	if len(words) > 1 && words[1][0] == '2' {
		day, known = date(words[1]), precision(words[1])
	}
	flag := func(name string) string {
		if slices.Contains(words, name) {
			return "true"
		}
		return orNull(opt[name])
	}
	region := opt["region"]
	if region == "" {
		region = w.head.region
	}
	n := opt["n"]
	if n == "" {
		n = "1"
	}
	w.add("service", at[0], at[1], at[2], w.mention(), text(words[0]), day, known, text(region), "null", "null",
		flag("targeted"), flag("pilot"), flag("technical"), "null", "null", text(opt["toward"]), n)
}

func (w *world) addCompany(at, words []string, opt map[string]string) {
	asked := orNull(opt["asked"])
	if slices.Contains(words, "asked") {
		asked = "true"
	}
	w.add("company", at[0], at[1], at[2], text(words[0]), text(strings.ToLower(words[0])), text(opt["ice"]), "null", "null",
		text(w.head.region), date(words[1]), "'jour'", "'ANAPEC'", asked, orNull(opt["recruited"]), "null")
}

func (w *world) addSession(at, words []string, opt map[string]string) {
	var list []string
	for _, i := range strings.Split(words[1], ",") {
		list = append(list, text(i))
	}
	w.add("session", at[0], at[1], at[2], text(opt["theme"]), date(words[0]), text(w.head.region), "["+strings.Join(list, ", ")+"]",
		orNull(opt["n"]), "0", orNull(opt["pre"]), orNull(opt["post"]), orNull(opt["answers"]), orNull(opt["content"]))
}

func (w *world) addDeclared(at []string, code string, opt map[string]string) {
	year, quarter, region := w.head.year, w.head.quarter, w.head.region
	if q, has := opt["quarter"]; has {
		quarter = q
	}
	if r, has := opt["region"]; has {
		region = r
	}
	for _, sex := range []string{"F", "H", "ND", "T"} {
		if v, has := opt[sex]; has {
			w.add("declared", at[0], at[1], at[2], text(sex+at[2]), text(code), year, orNull(quarter), text(region),
				text(opt["province"]), text(sex), v)
		}
	}
}

// columns of the tables a story fills.
var columns = map[string]string{
	"submission": `submission_id, seq, member, role, structure, structure_key, region, province, year, quarter, template, version, lang,
		path, file_name, sha256, received_at, saved_at, status, replaced_by, rows_read, rows_kept, rows_refused, own_status`,
	"coverage": "submission_id, sheet, topic, year, quarter, region",
	"mention": `submission_id, sheet, row, mention_id, family_name, given_name, full_name, sex, birth_date, birth_precision,
		nationality, status, doc_type, doc_number, phone, email, locality, province, region, member_ref`,
	"person_mention": "mention_id, person_id",
	"service": `submission_id, sheet, row, mention_id, service, date, date_precision, region, province, place,
		targeted, pilot, technical, stream, level, toward, prestations`,
	"company": `submission_id, sheet, row, name, name_key, ice, locality, province, region, date, date_precision, "by",
		asked_contract, recruited_women, recruited_men`,
	"attendance": "submission_id, sheet, row, date, region, institution, women, men",
	"session":    "submission_id, sheet, row, theme, date, region, institutions, women, men, pre_test, post_test, respondents, satisfied",
	"declared":   "submission_id, sheet, row, cell, code, year, quarter, region, province, sex, value",
	"issue":      "submission_id, n, code, severity, sheet, cell, row, field, value, args",
	"expected":   "member, structure, year, quarter, due",
}

// reference is what every run lays down.
const reference = `
insert into ref_member values ('EN', 'institution', 'EN', 'EN'), ('ANAPEC', 'institution', 'ANAPEC', 'ANAPEC'),
	('OFPPT', 'institution', 'OFPPT', 'OFPPT'), ('ARTISANAT', 'institution', 'Artisanat', 'Artisanat'),
	('CP3-RSK', 'committee', 'CP3-RSK', 'CP3-RSK'), ('CP3-CS', 'committee', 'CP3-CS', 'CP3-CS'), ('AMAPPE', 'ngo', 'AMAPPE', 'AMAPPE');
insert into ref_region values ('04', 'Rabat-Salé-Kénitra', 'الرباط'), ('06', 'Casablanca-Settat', 'الدار البيضاء');
insert into ref_province values ('04.421', 'Rabat', 'الرباط', 'prefecture', '04'), ('04.441', 'Salé', 'سلا', 'prefecture', '04');
insert into ref_institution values ('EN', 'EN', 'EN', true), ('ANAPEC', 'ANAPEC', 'ANAPEC', true), ('OFPPT', 'OFPPT', 'OFPPT', true), ('AMAPPE', 'AMAPPE', 'AMAPPE', false);
insert into ref_rule values ('date.unreadable', 'Date illisible', 'تاريخ غير مقروء');
insert into setting values ('as_of', '2021-02-01');
`

var loaded = sync.OnceValues(func() (*model.Project, error) { return model.Load(cp3sql.Files) })

// project is the SQL of cp3.
func project(t testing.TB) *model.Project {
	t.Helper()
	p, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// laid is a database with the schema, the reference lists and the seeds.
func laid(t testing.TB) *store.DB { return laidOn(t, 1) }

func laidOn(t testing.TB, threads int) *store.DB {
	t.Helper()
	ctx, p := context.Background(), project(t)
	db, err := store.Open(ctx, "", store.Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := p.Schema(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := p.Seed(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(ctx, reference); err != nil {
		t.Fatal(err)
	}
	return db
}

// fill inserts a world's rows.
func (w *world) fill(t testing.TB, db *store.DB) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(w.rows)) {
		insert := "insert into " + table + " (" + columns[table] + ") values " + strings.Join(w.rows[table], ",\n")
		if err := db.Exec(context.Background(), insert); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
}

// build derives everything from a story, and fails on a failed error check.
func build(t testing.TB, story string) *store.DB {
	t.Helper()
	db := laid(t)
	tell(story).fill(t, db)
	derive(t, db)
	return db
}

func derive(t testing.TB, db *store.DB) {
	t.Helper()
	ctx, p := context.Background(), project(t)
	if err := db.Tx(ctx, func() error { return p.Build(ctx, db.Conn()) }); err != nil {
		t.Fatal(err)
	}
	failures, err := p.Check(ctx, db.Conn())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range failures {
		if f.Severity == model.Error {
			t.Error(f)
		}
	}
}

// ask returns the rows of a query, cells joined by spaces, NULL as "-".
func ask(t testing.TB, db *store.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Conn().QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		cells := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, c := range cells {
			if c == nil {
				c = "-"
			}
			parts = append(parts, fmt.Sprint(c))
		}
		lines = append(lines, strings.Join(parts, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
