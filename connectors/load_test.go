package connectors

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cp3/pipeline"
)

func TestShippedSpecs(t *testing.T) {
	specs, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var members []string
	for _, s := range specs {
		members = append(members, string(s.Member))
	}
	for want := range strings.FieldsSeq("AMAPPE ANAPEC ARTISANAT CP3-CS CP3-RSK EN OFPPT") {
		if !slices.Contains(members, want) {
			t.Errorf("members %v, without %s", members, want)
		}
	}
	// Every service of the design is declared by some member.
	emitted := map[pipeline.Service]bool{}
	for _, s := range specs {
		for _, sheet := range s.Sheets {
			for _, e := range sheet.Services {
				emitted[e.Service] = true
			}
		}
	}
	for _, s := range pipeline.Services() {
		if !emitted[s] {
			t.Errorf("no member declares %s", s)
		}
	}
}

const small = `member: ONG
name: {fr: Une association, ar: جمعية}
role: ngo
template: {id: CP3-ONG, version: "1"}
identification: {structure: ONG, period: [title]}
sheets:
  - name: Liste
    title: {fr: Liste, ar: لائحة}
    shape: list
    row: person
    fields:
      - use: identity
      - name: day
        type: date
        label: {fr: Jour, ar: اليوم}
    services:
      - {service: ACCUEIL, date: day}
`

// load loads the shipped declarations with one more.
func load(t *testing.T, ong string) ([]*Spec, error) {
	t.Helper()
	fsys := fstest.MapFS{"members/ONG.yaml": {Data: []byte(ong)}}
	for _, folder := range []string{"members", "blocks", "lists"} {
		names, err := fs.Glob(declarations, folder+"/*.yaml")
		if err != nil || len(names) == 0 {
			t.Fatalf("no %s: %v", folder, err)
		}
		for _, name := range names {
			b, err := declarations.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys[name] = &fstest.MapFile{Data: b}
		}
	}
	return LoadFS(fsys)
}

// Adding a member is adding a file.
func TestOneMoreMember(t *testing.T) {
	specs, err := load(t, small)
	if err != nil {
		t.Fatal(err)
	}
	s := Find(specs, "ONG")
	if s == nil || len(s.Sheets) != 1 || s.Sheets[0].Field("family_name") == nil || s.Sheets[0].Field("day") == nil {
		t.Fatalf("ONG was loaded as %+v", s)
	}
}

// A mistake is said with its file, line, key and value.
func TestMistakesAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":              {"role: ngo", "role: ngo\ncolour: blue", `members/ONG.yaml:4: unknown field "colour"`},
		"wrong member":             {"member: ONG", "member: NGO", `members/ONG.yaml:1: member: "NGO": the file is named ONG`},
		"no Arabic":                {"{fr: Une association, ar: جمعية}", "{fr: Une association}", `members/ONG.yaml:2: name: needs its text in fr and in ar`},
		"unknown role":             {"role: ngo", "role: club", `members/ONG.yaml:3: role: "club": choose institution, committee or ngo`},
		"template of another":      {"CP3-ONG", "CP3-EN", `members/ONG.yaml:4: template.id: "CP3-EN" is also the template of EN`},
		"period from nowhere":      {"[title]", "[form]", `members/ONG.yaml:5: identification.period[0]: form: no form sheet has a field of type year`},
		"unknown shape":            {"shape: list", "shape: tall", `members/ONG.yaml:9: sheets[0].shape: "tall": choose form, list or wide`},
		"unknown block":            {"use: identity", "use: identités", `members/ONG.yaml:12: sheets[0].fields[0].use: "identités": no block of that name`},
		"unknown field of a block": {"use: identity", "use: identity.age", `members/ONG.yaml:12: sheets[0].fields[0].use: "identity.age": block identity has no field "age"`},
		"unknown type":             {"type: date", "type: dates", `members/ONG.yaml:14: sheets[0].fields[1].type: "dates" of day: no such type`},
		"unknown list":             {"type: date", "type: code\n        list: centres", `members/ONG.yaml:15: sheets[0].fields[1].list: "centres" of day: no lists/centres.yaml (did you mean "centre"?)`},
		"a header twice":           {"{fr: Jour, ar: اليوم}", "{fr: Sexe, ar: اليوم}", `members/ONG.yaml:13: sheets[0].fields[1]: "Sexe" of day is also a header of sex`},
		"a name twice":             {"name: day", "name: sex", `members/ONG.yaml:13: sheets[0].fields[1].name: "sex" is declared twice`},
		"unknown service":          {"ACCUEIL", "ACCEUIL", `members/ONG.yaml:17: sheets[0].services[0].service: "ACCEUIL": not a service`},
		"date that is none":        {"date: day}", "date: sex}", `members/ONG.yaml:17: sheets[0].services[0].date: "sex": name a date`},
		"condition on nothing":     {"date: day}", "date: day, when: {dya: [oui]}}", `members/ONG.yaml:17: sheets[0].services[0].when: "dya": no such field`},
		"condition on no code":     {"date: day}", "date: day, when: {sex: [X]}}", `"X": not a code of the list`},
		"a referral to nobody":     {"ACCUEIL", "REFERENCEMENT", `members/ONG.yaml:17: sheets[0].services[0].toward: a referral`},
		"nothing to fill a person": {"use: identity", "use: identity.phone", `members/ONG.yaml:12: sheets[0].fields: a person row needs a field that means family_name or full_name`},
		"not YAML":                 {"role: ngo", "role: [ngo", `members/ONG.yaml:`},
		"sheets of nobody":         {"sheets:", "sheets_of: XYZ\nsheets:", `members/ONG.yaml:6: sheets_of: "XYZ"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, strings.Replace(small, c.from, c.to, 1))
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("said\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

// What is written beside `use` replaces the shared field's, and its old label
// still names the column.
func TestUseOverrides(t *testing.T) {
	specs, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	f := Find(specs, "OFPPT").Sheet("Stagiaires").Field("sex")
	if f.Label.FR != "Genre" || f.Type != SexType || !f.Expected {
		t.Errorf("%+v", f)
	}
	found := false
	for _, a := range f.Aliases {
		found = found || a == "Sexe"
	}
	if !found {
		t.Errorf("the shared label is lost: %v", f.Aliases)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 2, 0}, {"prenom", "prenom", 2, 0}, {"prenom", "prneom", 2, 1}, {"prenom", "prenoms", 2, 1}, {"nom", "prenom", 2, 3},
		{"centre", "entree", 5, 2}, {"الجنس", "الجنسي", 2, 1}, {"abc", "xyz", 1, 2}, {strings.Repeat("a", 100), strings.Repeat("a", 99), 3, 1},
	} {
		if got := Distance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
		if got := Distance(c.b, c.a, c.limit); got != c.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", c.b, c.a, c.limit, got, c.want)
		}
	}
}

// A workspace may declare members of its own; what is wrong is said with its file,
// and a shipped member stays what it is.
func TestDeclareMore(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	none, err := Declare(filepath.Join(dir, "nowhere"))
	if err != nil || slices.Contains(none.Members(), "ONG") || len(none.Files()) != 1 {
		t.Fatalf("without a folder: %v, %v", none.Members(), err)
	}
	write("ONG.yaml", small)
	write("LISEZ-MOI.txt", "rien")
	more, err := Declare(dir)
	if err != nil || !slices.Contains(more.Members(), "ONG") || !slices.Contains(more.Members(), "EN") || len(more.Files()) != 2 {
		t.Fatalf("with a folder: %v, %v", more.Members(), err)
	}
	write("ONG.yaml", strings.Replace(small, "role: ngo", "role: club", 1))
	if _, err := Declare(dir); err == nil || !strings.HasPrefix(err.Error(), "membres/ONG.yaml:3: role: ") {
		t.Errorf("a mistake: %v", err)
	}
	write("ONG.yaml", small)
	write("EN.yaml", strings.Replace(strings.Replace(small, "member: ONG", "member: EN", 1), "CP3-ONG", "CP3-EN2", 1))
	if _, err := Declare(dir); err == nil || !strings.Contains(err.Error(), `membres/EN.yaml:1: member: "EN" is declared by members/EN.yaml already`) {
		t.Errorf("a shipped member: %v", err)
	}
}
