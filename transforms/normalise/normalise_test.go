package normalise

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/wording"

	"github.com/google/go-cmp/cmp"
)

// env is the state of the world in these tests: the shipped lists, the fourth
// quarter of 2020, read in January 2021.
func env(t testing.TB) Env {
	t.Helper()
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	return Env{Lists: lists, Period: pipeline.Period{Year: 2020, Quarter: 4}, Today: pipeline.Date{Year: 2021, Month: 1, Day: 15}}
}

// The ways a cell reaches us.
func text(s string) pipeline.Cell {
	return pipeline.Cell{Col: 1, Kind: pipeline.TextCell, Text: s}
}

func num(n float64) pipeline.Cell {
	return pipeline.Cell{Col: 1, Kind: pipeline.NumberCell, Number: n}
}

func dateCell(serial float64) pipeline.Cell {
	return pipeline.Cell{Col: 1, Kind: pipeline.DateCell, Number: serial}
}

func boolean(b float64) pipeline.Cell {
	return pipeline.Cell{Col: 1, Kind: pipeline.BoolCell, Number: b}
}

func percentCell(n float64) pipeline.Cell {
	return pipeline.Cell{Col: 1, Kind: pipeline.NumberCell, Number: n, Percent: true}
}

// habit is one thing focal points do: what they type and what it says. says is
// the value's text, "" when the cell says nothing, "!" when it is refused. found are the
// codes a member is told, notes left out.
type habit struct {
	cell  pipeline.Cell
	says  string
	found string
}

// told checks a finding against the catalogue and reports whether a member sees it.
func told(t *testing.T, f pipeline.Finding) bool {
	t.Helper()
	e, ok := wording.Lookup("fr", f.Code)
	if !ok {
		t.Errorf("finding %s is not in the catalogue", f.Code)
	}
	for _, p := range wording.Placeholders(e.Problem + e.Action) {
		if _, ok := f.Args[p]; !ok {
			t.Errorf("finding %s: the catalogue wants {%s}, the finding has %v", f.Code, p, slices.Sorted(maps.Keys(f.Args)))
		}
	}
	return f.Severity != ""
}

func check(t *testing.T, f connectors.Field, habits []habit) {
	t.Helper()
	e := env(t)
	for _, h := range habits {
		v, findings := Field(e, &f, h.cell)
		var found []string
		for _, fd := range findings {
			if told(t, fd) {
				found = append(found, fd.Code)
			}
		}
		says := v.Text
		if v.Refused {
			says = "!"
		}
		if v.Present != (says != "") {
			t.Errorf("%s %q: present is %v with text %q", f.Type, h.cell.Display(), v.Present, says)
		}
		if got := strings.Join(found, " "); says != h.says || got != h.found {
			t.Errorf("%s %q (kind %d): says %q, found %q; want %q, %q", f.Type, h.cell.Display(), h.cell.Kind, says, got, h.says, h.found)
		}
		again(t, e, f, v)
	}
}

// again checks the law of idempotence on a value.
func again(t *testing.T, e Env, f connectors.Field, v Value) {
	t.Helper()
	if !v.Present || v.Refused {
		return
	}
	w, _ := Field(e, &f, text(v.Text))
	if d := cmp.Diff(v, w); d != "" {
		t.Errorf("%s: normalising %q again gives another value (-first +second):\n%s", f.Type, v.Text, d)
	}
}

// Every code this package can find has its text, in every language; every text
// of its catalogue is one it can find.
func TestCodesAndCatalogueAgree(t *testing.T) {
	quoted := regexp.MustCompile(`"([a-z_]+\.[a-z_]+)"`)
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d sources: %v", len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
	}
	delete(used, "digits.not_a_number") // a reason between functions, each has its own code for it
	for code := range used {
		if _, ok := wording.Lookup("fr", code); !ok {
			t.Errorf("%s is not in the catalogue", code)
		}
	}
	b, err := os.ReadFile("../../pipeline/wording/fr/values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	entries := regexp.MustCompile(`(?m)^([a-z_]+\.[a-z_]+):`).FindAllSubmatch(b, -1)
	if len(entries) < 50 {
		t.Fatalf("only %d entries in the catalogue", len(entries))
	}
	for _, m := range entries {
		if code := string(m[1]); !used[code] {
			t.Errorf("nothing finds %s any more", code)
		}
	}
}

var types = []connectors.FieldType{connectors.FamilyName, connectors.GivenName, connectors.FullName, connectors.SexType, connectors.BirthDate,
	connectors.DateType, connectors.Nationality, connectors.CodeType, connectors.DocNumber, connectors.Phone, connectors.Email, connectors.Locality,
	connectors.YesNo, connectors.Integer, connectors.Decimal, connectors.Percent, connectors.TextType, connectors.Identifier, connectors.ICE,
	connectors.Year, connectors.Quarter, connectors.SchoolYear, connectors.Institutions, connectors.Indicator}

func TestBlanks(t *testing.T) {
	var habits []habit
	for _, s := range []string{"", " ", "\u00a0", "-", "--", "–", "—", "/", "//", "?", "??", ".", "...", "…", "*", "NR", "nr", "N.R.", "néant", "NEANT", "Néant ", "n/a", "N/A", "N.A", "RAS", "R.A.S.",
		"ND", "xx", "XXX", "Non renseigné", "non communiquée", "sans objet", "غير متوفر", "لا يوجد", "\u200b-\u200b", "+", "#"} {
		habits = append(habits, habit{cell: text(s)})
	}
	habits = append(habits, habit{cell: pipeline.Cell{}})
	for _, ft := range []connectors.FieldType{connectors.TextType, connectors.SexType, connectors.BirthDate, connectors.DateType, connectors.Nationality, connectors.Integer,
		connectors.Percent, connectors.Phone, connectors.DocNumber, connectors.Locality, connectors.Institutions, connectors.Indicator, connectors.Quarter} {
		check(t, connectors.Field{Type: ft}, habits)
	}
	check(t, connectors.Field{Type: connectors.CodeType, List: "status"}, habits)

	// What looks like a marker and isn't one there.
	check(t, connectors.Field{Type: connectors.FamilyName}, []habit{{text("NA"), "NA", ""}, {text("Ras"), "Ras", ""}, {text("NR"), "", ""}, {text("-"), "", ""}, {text("néant"), "", ""}})
	check(t, connectors.Field{Type: connectors.YesNo}, []habit{{text("x"), "Oui", ""}, {text("✓"), "Oui", ""}, {text("0"), "Non", ""}, {text("aucun"), "Non", ""}, {text("-"), "", ""}})
	check(t, connectors.Field{Type: connectors.Integer}, []habit{{num(0), "0", ""}, {text("0"), "0", ""}})
	check(t, connectors.Field{Type: connectors.BirthDate}, []habit{{num(0), "", ""}, {dateCell(0), "", ""}, {text("00/00/0000"), "", ""}})
	check(t, connectors.Field{Type: connectors.Phone}, []habit{{num(0), "", ""}, {text("0"), "", ""}})
	check(t, connectors.Field{Type: connectors.Quarter}, []habit{{text("Année entière"), "", ""}, {text("السنة كاملة"), "", ""}})
}

// A formula without a value and an error cell say so, in every column.
func TestFormulasAndErrors(t *testing.T) {
	e := env(t)
	for _, ft := range types {
		f := connectors.Field{Type: ft}
		v, found := Field(e, &f, pipeline.Cell{Col: 1, Formula: true})
		if !v.Refused || len(found) != 1 || found[0].Code != "formula.not_computed" || found[0].Severity != pipeline.Error {
			t.Errorf("%s: a formula without a value gives %+v, %v", ft, v, found)
		}
		v, found = Field(e, &f, pipeline.Cell{Col: 1, Kind: pipeline.ErrorCell, Text: "#REF!"})
		if !v.Refused || len(found) != 1 || found[0].Code != "cell.error" || found[0].Args["value"] != "#REF!" {
			t.Errorf("%s: #REF! gives %+v, %v", ft, v, found)
		}
	}
	cached := text("31/12/2020")
	cached.Formula = true
	check(t, connectors.Field{Type: connectors.DateType}, []habit{{cached, "2020-12-31", ""}})
}

// What a refused value costs depends on what it decides.
func TestRefusalCostsTheRowOnlyWhenItDecides(t *testing.T) {
	e := env(t)
	tests := []struct {
		field connectors.Field
		cell  string
		want  pipeline.Severity
	}{
		{connectors.Field{Type: connectors.Phone}, "06 12", pipeline.Warning},
		{connectors.Field{Type: connectors.Phone, Required: true}, "06 12", pipeline.Error},
		{connectors.Field{Type: connectors.SexType}, "peut-être", pipeline.Warning},
		{connectors.Field{Type: connectors.Nationality}, "Wakanda", pipeline.Warning},
		{connectors.Field{Type: connectors.BirthDate}, "bientôt", pipeline.Warning},
		{connectors.Field{Type: connectors.DateType}, "bientôt", pipeline.Error},
		{connectors.Field{Type: connectors.Integer}, "beaucoup", pipeline.Error},
		{connectors.Field{Type: connectors.YesNo}, "peut-être", pipeline.Error},
		{connectors.Field{Type: connectors.FamilyName}, "12345", pipeline.Error},
	}
	for _, tt := range tests {
		v, found := Field(e, &tt.field, text(tt.cell))
		if !v.Refused || !v.Present || len(found) != 1 || found[0].Severity != tt.want {
			t.Errorf("%s %q: %+v, %v; want it refused as %s", tt.field.Type, tt.cell, v, found, tt.want)
		}
		if d := cmp.Diff(Value{Present: true, Refused: true}, v); d != "" {
			t.Errorf("%s: a refused value holds something:\n%s", tt.field.Type, d)
		}
	}
}

func TestNotes(t *testing.T) {
	e := env(t)
	tests := []struct {
		ft   connectors.FieldType
		cell pipeline.Cell
		note string
	}{
		{connectors.TextType, text(" Rabat\u00a0\u00a0Agdal "), "note.trimmed"},
		{connectors.FamilyName, text("محمـــد"), "note.trimmed"},
		{connectors.FamilyName, text("Mme DIALLO"), "note.title_removed"},
		{connectors.TextType, text("NR"), "note.blank_marker"},
		{connectors.Integer, text("12"), "note.number_as_text"},
		{connectors.Integer, text("6 mois"), "note.number_unit"},
		{connectors.Integer, dateCell(5), "note.number_shown_as_date"},
		{connectors.Percent, num(0.41), "note.percent_fraction"},
		{connectors.DateType, num(44196), "note.date_serial"},
		{connectors.DateType, text("31/12/2020"), "note.date_as_text"},
		{connectors.DateType, text("31/12/20"), "note.two_digit_year"},
		{connectors.Phone, num(612345678), "note.leading_zero"},
		{connectors.ICE, num(1234567000089), "note.leading_zero"},
		{connectors.DocNumber, text("N° B123456X"), "note.prefix_removed"},
		{connectors.SexType, text("1 - Homme"), "note.said_twice"},
		{connectors.SchoolYear, num(2019), "note.school_year_alone"},
		{connectors.Locality, text("Hay Riad, Rabat, Maroc"), "note.place_in_text"},
		{connectors.Locality, text("Tombouctou"), "note.locality_unknown"},
	}
	for _, tt := range tests {
		_, found := Field(e, &connectors.Field{Type: tt.ft}, tt.cell)
		i := slices.IndexFunc(found, func(f pipeline.Finding) bool { return f.Code == tt.note })
		if i < 0 || found[i].Severity != "" {
			t.Errorf("%s %q: found %v; want the note %s", tt.ft, tt.cell.Display(), found, tt.note)
		}
		for _, f := range found {
			told(t, f)
		}
	}
	// What needs no correction leaves no note.
	for ft, c := range map[connectors.FieldType]pipeline.Cell{connectors.TextType: text("Rabat"), connectors.Integer: num(12), connectors.DateType: dateCell(44196),
		connectors.SexType: text("F"), connectors.Phone: text("06 12 34 56 78"), connectors.DocNumber: text("B123456X"), connectors.FamilyName: text("DIALLO")} {
		if _, found := Field(e, &connectors.Field{Type: ft}, c); len(found) > 0 {
			t.Errorf("%s %q: found %v", ft, c.Display(), found)
		}
	}
}

// Excel allows 32,767 characters in a cell: a hostile one costs little, whatever
// its column.
func TestLongCellsCostLittle(t *testing.T) {
	e := env(t)
	start := time.Now()
	for _, s := range []string{"a", "1", "1 ", "Rabat ", "EN et ", "x, ", "Mme ", "oui non ", "سلا ", "/", "e\u0301", "06 12 34 56 78 / ", "\u00a0a", "sénégal "} {
		cell := text(strings.Repeat(s, 32767/len([]rune(s))))
		for _, ft := range types {
			Field(e, &connectors.Field{Type: ft, List: map[connectors.FieldType]string{connectors.CodeType: "province"}[ft]}, cell)
		}
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("long cells took %v", d)
	}
}

// Whatever is in a cell, normalising never panics, what is kept is kept again,
// and only blanks are absent.
func FuzzField(f *testing.F) {
	for i, s := range []string{"", "-", "31/12/2020", "31 déc. 2020", "12,5", "41 %", "أنثى", "Sénégalaise", "06 12 34 56 78 / 07 11 22 33 44", "2019-2020", "الفصل الأول", "EN, ANAPEC et OFPPT",
		"001234567000089", "1er janvier 2020", "20201231", "1.2 : Nombre", "Rabat-Salé", "\xff", "Mme  Ba", "N° 12 34-AB", "oui, mais", "1e9", "0x10", "كانون الثاني 2020", "1.234.567,8"} {
		f.Add(uint8(i), uint8(1), s, float64(i))
	}
	e := env(f)
	f.Fuzz(func(t *testing.T, kind, cellKind uint8, s string, n float64) {
		field := connectors.Field{Type: types[int(kind)%len(types)]}
		if field.Type == connectors.CodeType {
			field.List = []string{"status", "region", "institution"}[int(kind)%3]
		}
		c := pipeline.Cell{Col: 1, Kind: pipeline.CellKind(cellKind % 6), Text: s, Number: n, Percent: cellKind&0x10 != 0, Formula: cellKind&0x20 != 0}
		v, found := Field(e, &field, c)
		again(t, e, field, v)
		switch {
		case v.Refused && (!v.Present || !slices.ContainsFunc(found, func(f pipeline.Finding) bool { return f.Severity != "" })):
			t.Errorf("%s %q: refused in silence: %v", field.Type, c.Display(), found)
		case v.Present && !v.Refused && v.Text == "":
			t.Errorf("%s %q: present without a text", field.Type, c.Display())
		case !v.Present && !cmp.Equal(v, Value{}):
			t.Errorf("%s %q: absent with a value %+v", field.Type, c.Display(), v)
		case !v.Present && !c.IsBlank() && len(found) == 0:
			t.Errorf("%s %q: absent in silence", field.Type, c.Display())
		case math.IsNaN(v.Number) || math.IsInf(v.Number, 0):
			t.Errorf("%s %q: number %v", field.Type, c.Display(), v.Number)
		}
		for _, fd := range found {
			if _, ok := wording.Lookup("fr", fd.Code); !ok {
				t.Errorf("finding %s is not in the catalogue", fd.Code)
			}
		}
	})
}
