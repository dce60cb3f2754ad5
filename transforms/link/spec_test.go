package link_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cp3/transforms/link"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParseSpec(t *testing.T) {
	got, err := link.ParseSpec("s.yaml", []byte("id: rec_id\ncolumns:\n  name: full_name\n  born: {kind: date, format: \"20060102\"}\n  card:\n    kind: identifier\n    within: card_type\n    exclusive: true\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := link.Spec{ID: "rec_id", Columns: []link.Column{
		{Name: "name", Kind: link.FullName},
		{Name: "born", Kind: link.Date, Format: "20060102"},
		{Name: "card", Kind: link.Identifier, Within: "card_type", Exclusive: true},
	}}
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(link.Spec{}, link.Column{})); d != "" {
		t.Error(d)
	}
}

// Every fault is told with its file and line, and says what to write.
func TestSpecFaults(t *testing.T) {
	for name, c := range map[string]struct{ spec, want string }{
		"unknown kind":       {"id: a\ncolumns:\n  b: name\n", `s.yaml:3: columns.b: kind "name" is not known; write one of given_name`},
		"unknown key":        {"id: a\nthreshold: 3\ncolumns:\n  b: sex\n", `s.yaml:2: unknown key "threshold"`},
		"unknown column key": {"id: a\ncolumns:\n  b: {kind: sex, weight: 2}\n", `s.yaml:3: columns.b: unknown key "weight"`},
		"format of a name":   {"id: a\ncolumns:\n  b: {kind: sex, format: x}\n", "s.yaml:3: columns.b: format is for dates"},
		"no kind":            {"id: a\ncolumns:\n  b: {format: x}\n", "s.yaml:3: columns.b:"},
		"exclusive perhaps":  {"id: a\ncolumns:\n  b: {kind: identifier, exclusive: perhaps}\n", "s.yaml:3: columns.b: exclusive is true or false"},
		"no id":              {"columns:\n  b: sex\n", "s.yaml: id is missing"},
		"no columns":         {"id: a\n", "s.yaml: columns is missing"},
		"columns a list":     {"id: a\ncolumns:\n- b\n", "s.yaml:3: columns must be"},
		"id a list":          {"id: [a]\ncolumns:\n  b: sex\n", "s.yaml:1: id: a plain text is expected"},
		"empty":              {"", "s.yaml:"},
		"not YAML":           {"id: a\ncolumns:\n\tb: sex\n", "s.yaml:3:"},
		"twice":              {"id: a\ncolumns:\n  b: sex\n  b: sex\n", "s.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := link.ParseSpec("s.yaml", []byte(c.spec))
			var fault *link.SpecError
			if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v; want %s...", err, c.want)
			}
		})
	}
}

func run(t *testing.T, csv, spec string) (*link.Result, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	db := open(t, 0)
	in, err := link.FromFile(t.Context(), db, path)
	if err != nil {
		return nil, err
	}
	s, err := link.ParseSpec("s.yaml", []byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	return link.Run(t.Context(), db, in, s, link.Options{})
}

// Data that the spec doesn't fit, and files that aren't what they seem.
func TestInputFaults(t *testing.T) {
	const spec = "id: id\ncolumns:\n  name: full_name\n"
	for name, c := range map[string]struct{ csv, want string }{
		"column missing":  {"id,nom\n1,x\n", `s.yaml:3: the data has no column "name"; it has id, nom`},
		"id missing":      {"key,name\n1,x\n", `s.yaml:1: the data has no column "id"`},
		"id twice":        {"id,name\n1,x\n1,y\n", "1 records share their id"},
		"id empty":        {"id,name\n1,x\n,y\n", "1 records have no id"},
		"ragged":          {"id,name\n1,x\n2\n", "line 3"},
		"empty file":      {"", "the file is empty"},
		"UTF-16":          {"i\x00d\x00;\x00n\x00\n\x00", "save it as CSV UTF-8"},
		"header twice":    {"id,name,Name\n", `"Name" is in the header twice`},
		"header nameless": {"id,,name\n", "column 2 has no name"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := run(t, c.csv, spec); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want %q in it", err, c.want)
			}
		})
	}
}

// A byte order mark, spaces after commas, quotes and quotation marks in names.
func TestCSVHabits(t *testing.T) {
	_, err := run(t, "\ufeffid, name, born\n1, \"Diallo, Aminata\", 1990-02-03\n2, \"DIALLO AMINATA\" ,1990-02-03\n3, O'Brien \"\"Pat\"\", 1971-12-30\n", "id: id\ncolumns:\n  name: full_name\n  born: date\n")
	if err == nil {
		t.Fatal("a stray quotation mark was read in silence")
	}
	r, err := run(t, "\ufeffid, name, born\n1, \"Diallo, Aminata\", 1990-02-03\n2, DIALLO AMINATA ,1990-02-03\n3, O'Brien Pat, 1971-12-30\n", "id: id\ncolumns:\n  name: full_name\n  born: date\n")
	if err != nil {
		t.Fatal(err)
	}
	if r.Persons() != 2 {
		t.Errorf("%d persons; want 2", r.Persons())
	}
}

// What spreadsheets save in French: semicolons, Windows-1252, a line break in a
// quoted address.
func TestSpreadsheetHabits(t *testing.T) {
	rows := [][]string{{"id", "pr\xe9nom", "nom", "n\xe9", "adresse"},
		{"1", "Aminata", "Tour\xe9", "03/02/1990", "\"12, rue 7\nSal\xe9\""},
		{"2", "AMINATA", "TOURE", "1990-02-03", "\"12 rue 7, Sale\""},
		{"3", "Blessing", "Okoro", "30/12/1971", ""}}
	for _, separator := range []string{";", "\t", "|"} {
		text := ""
		for _, r := range rows {
			text += strings.Join(r, separator) + "\r\n"
		}
		r, err := run(t, text, "id: id\ncolumns:\n  prénom: given_name\n  nom: family_name\n  né: date\n  adresse: address\n")
		if err != nil {
			t.Fatalf("%q: %v", separator, err)
		}
		if r.Persons() != 2 {
			t.Errorf("%q: %d persons; want 2", separator, r.Persons())
		}
	}
}

// Parquet columns have types: whole numbers, numbers stored as floats for the sake
// of missing ones, dates, times. They are read as the same text in CSV would be.
func TestParquetTypes(t *testing.T) {
	db := open(t, 0)
	path := filepath.Join(t.TempDir(), "people.parquet")
	err := db.Exec(t.Context(), `copy (from (values
		(1, 'Aminata', 'Diallo', date '1990-02-03', 612345678.0::double),
		(2, 'AMINATA', 'Diallo', date '1990-02-03', 612345678.0),
		(3, 'Blessing', 'Okoro', date '1971-12-30', null),
		(4, 'Moussa', 'Keita', null, 698765432.0)) t(id, given, family, born, phone)) to '`+path+`' (format parquet)`)
	if err != nil {
		t.Fatal(err)
	}
	in, err := link.FromFile(t.Context(), db, path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := link.ParseSpec("s.yaml", []byte("id: id\ncolumns:\n  given: given_name\n  family: family_name\n  born: date\n  phone: phone\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := link.Run(t.Context(), db, in, s, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Explain("1", "2")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"born=exact", "phone=exact"} {
		if !strings.Contains(p.EvidenceText(), want) {
			t.Errorf("evidence %q; want %s", p.EvidenceText(), want)
		}
	}
	if r.Persons() != 3 {
		t.Errorf("%d persons; want 3", r.Persons())
	}
}
