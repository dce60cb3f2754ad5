package connectors

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// The lists of regions and provinces are those of the Haut-Commissariat au Plan,
// to the letter.
func TestPlacesAreTheReference(t *testing.T) {
	lists, err := Lists()
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"region": "regions.csv", "province": "provinces.csv"} {
		var want, got [][]string
		for _, row := range reference(t, file) {
			if name == "region" {
				row = append(row, "", "")
			}
			want = append(want, row)
		}
		for _, c := range lists[name].Codes {
			got = append(got, []string{c.Code, c.Label.FR, c.Label.AR, c.Attrs["type"], c.Attrs["region"]})
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("list %s (-reference +list):\n%s", name, d)
		}
	}
	for _, c := range lists["province"].Codes {
		if _, ok := lists["region"].Get(c.Attrs["region"]); !ok {
			t.Errorf("%s is in region %q, which is none", c.Code, c.Attrs["region"])
		}
		if _, ok := lists["region"].Find(c.Label.FR); ok {
			t.Errorf("%s is a province and a region: a locality could not tell", c.Label.FR)
		}
	}
}

func reference(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/reference/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 12 {
		t.Fatalf("%s: %d rows, %v", file, len(rows), err)
	}
	return rows[1:]
}

// Every country is found by the names CLDR gives it in the three languages and by
// its codes, except the two alpha-2 codes that mean an empty cell.
func TestNationalitiesKnowEveryCountryName(t *testing.T) {
	lists, err := Lists()
	if err != nil {
		t.Fatal(err)
	}
	l := lists["nationality"]
	blank := map[string]bool{"NA": true, "NR": true}
	checked := 0
	for _, c := range l.Codes {
		code := strings.Replace(c.Code, "XKX", "XK", 1) // the code in use; CLDR has the shorter one
		if c.Code == "XXA" {
			continue // stateless: no country
		}
		region, err := language.ParseRegion(code)
		if err != nil || !region.IsCountry() {
			t.Errorf("%s is no country: %v", c.Code, err)
			continue
		}
		names := []string{region.String()}
		for _, lang := range []language.Tag{language.French, language.Arabic, language.English} {
			names = append(names, display.Regions(lang).Name(region))
		}
		for _, n := range names {
			if got, ok := l.Find(n); !blank[n] && (!ok || got.Code != c.Code) {
				t.Errorf("%q is %q, want %s", n, got.Code, c.Code)
			}
		}
		checked++
	}
	if checked < 195 {
		t.Errorf("only %d countries", checked)
	}
}
