package interchange

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

var (
	today    = pipeline.Date{Year: 2021, Month: 1, Day: 15}
	activity = Activity{Reporter: "XX-TEST", ReporterType: "10", Identifier: "XX-TEST-1", BaselineYear: 2017}
)

// tables is a source of rows kept in memory.
type tables map[string][][]any

var columns = map[string]string{
	"indicateurs": "code resultat libelle libelle_ar definition unite valeur_base cible_finale",
	"valeurs":     "code annee trimestre region sexe valeur origine masque",
	"cibles":      "code annee cible",
	"revisions":   "code annee trimestre region sexe valeur_apres",
}

func (t tables) declared() []pipeline.Table {
	var all []pipeline.Table
	for name := range t {
		table := pipeline.Table{Name: name, Relation: "public." + name}
		for _, c := range strings.Fields(columns[name]) {
			table.Columns = append(table.Columns, pipeline.Column{Name: c})
		}
		all = append(all, table)
	}
	return all
}

func (t tables) Rows(_ context.Context, relation string, asked []string) iter.Seq2[[]any, error] {
	name := strings.TrimPrefix(relation, "public.")
	return func(yield func([]any, error) bool) {
		for _, row := range t[name] {
			var some []any
			for _, c := range asked {
				some = append(some, row[slices.Index(strings.Fields(columns[name]), c)])
			}
			if !yield(some, nil) {
				return
			}
		}
	}
}

// sample has a count by sex with a hidden sex, a rate, a value nobody reported, a
// region, a quarter and a withdrawn value.
var sample = tables{
	"indicateurs": {
		{"1.2", "Résultat 1", "Personnes inscrites & suivies", "المسجلون", "Définition", "nombre", int64(0), 200.0},
		{"OS2", "Objectif spécifique", "Part", "", "Définition", "pourcentage", nil, 25.0},
	},
	"valeurs": {
		{"1.2", int64(2020), nil, nil, "T", 185.0, "nominative", nil},
		{"1.2", int64(2020), nil, nil, "F", 181.0, "nominative", "numerateur,valeur"},
		{"1.2", int64(2020), nil, nil, "H", nil, "nominative", "valeur"},
		{"1.2", int64(2020), nil, nil, "ND", 0.0, "nominative", nil},
		{"1.2", int64(2020), int64(2), "04", "T", 40.0, "nominative", nil},
		{"1.2", int64(2019), nil, nil, "T", 68.0, "reference", nil},
		{"OS2", int64(2020), nil, nil, "T", 107.1, "nominative", nil},
		{"OS2", int64(2020), int64(1), nil, "T", nil, nil, nil},
	},
	"cibles": {{"1.2", int64(2020), 150.0}, {"OS2", int64(2020), 25.0}},
	"revisions": {
		{"1.2", int64(2018), nil, nil, "T", nil},
		{"1.2", int64(2020), nil, nil, "T", nil}, // it came back since
	},
}

func sampleData(t *testing.T) Data {
	t.Helper()
	if !Publishable(sample.declared()) {
		t.Fatal("not publishable")
	}
	d, err := Read(t.Context(), sample, sample.declared(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func sampleFiles(t *testing.T) map[string]string {
	t.Helper()
	files, err := Files(sampleData(t), activity, today)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range files {
		m[f.Name] = string(f.Bytes)
	}
	return m
}

func TestSDMX(t *testing.T) {
	const want = `STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,ORIGIN
dataflow,CP3:SNIA_CP3(1.0),R,A,MA,1.2,_T,2019,68.0,NUMBER,reference
dataflow,CP3:SNIA_CP3(1.0),D,A,MA,1.2,F,2020,,,
dataflow,CP3:SNIA_CP3(1.0),D,A,MA,1.2,M,2020,,,
dataflow,CP3:SNIA_CP3(1.0),R,A,MA,1.2,_U,2020,0.0,NUMBER,nominative
dataflow,CP3:SNIA_CP3(1.0),R,A,MA,1.2,_T,2020,185.0,NUMBER,nominative
dataflow,CP3:SNIA_CP3(1.0),R,Q,MA-04,1.2,_T,2020-Q2,40.0,NUMBER,nominative
dataflow,CP3:SNIA_CP3(1.0),R,A,MA,OS2,_T,2020,107.1,PC,nominative
dataflow,CP3:SNIA_CP3(1.0),D,Q,MA,OS2,_T,2020-Q1,,,
dataflow,CP3:SNIA_CP3(1.0),D,A,MA,1.2,_T,2018,,,
`
	if d := cmp.Diff(want, sampleFiles(t)["sdmx_snia_cp3.csv"]); d != "" {
		t.Error(d)
	}
}

// Whatever a receiver took in before, it has the edition's values and no other
// after applying the edition's file.
func TestSDMXBringsAnyReceiverUpToDate(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var before Data
	received := map[string]string{}
	for range 50 {
		now := Data{Indicators: []Indicator{{Code: "1.1"}, {Code: "1.2"}}}
		for _, code := range []string{"1.1", "1.2"} {
			for year := 2019; year < 2022; year++ {
				for _, sex := range sexes {
					if rng.IntN(4) == 0 {
						continue // no cell at all
					}
					c := Cell{Key: Key{Code: code, Year: year, Sex: sex}}
					if v := float64(rng.IntN(9)); v > 2 {
						c.Value = &v
					}
					now.Cells = append(now.Cells, c)
				}
			}
		}
		for _, c := range before.Cells { // as table revisions tells it
			now.Withdrawn = append(now.Withdrawn, c.Key)
		}
		now.Withdrawn = append(now.Withdrawn, before.Withdrawn...)
		now.settle()
		want := map[string]string{}
		for _, c := range now.Cells {
			if c.Value != nil {
				want[strings.Join(sdmxLine("", c.Key, "", "", "")[3:8], " ")] = decimal(*c.Value)
			}
		}
		b, _, err := sdmx(now)
		if err != nil {
			t.Fatal(err)
		}
		apply(t, received, b)
		if d := cmp.Diff(want, received); d != "" {
			t.Fatal(d)
		}
		before = now
	}
}

func apply(t *testing.T, state map[string]string, file []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		delete(state, strings.Join(row[3:8], " "))
		if row[2] == "R" {
			state[strings.Join(row[3:8], " ")] = row[8]
		}
	}
}

// What is hidden or unknown is nowhere; the total and the sexes told apart are.
func TestIATI(t *testing.T) {
	text := sampleFiles(t)["iati_resultats.xml"]
	var f iatiFile
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Activity.Results) != 2 || f.Activity.Results[0].Type != "1" || f.Activity.Results[1].Type != "2" {
		t.Fatalf("results: %+v", f.Activity.Results)
	}
	i := f.Activity.Results[0].Indicators[0]
	want := []iatiPeriod{
		{Start: iatiDate{ISO: "2019-01-01"}, End: iatiDate{ISO: "2019-12-31"}, Actuals: []iatiValue{{Value: "68"}}},
		{Start: iatiDate{ISO: "2020-01-01"}, End: iatiDate{ISO: "2020-12-31"}, Targets: []iatiValue{{Value: "150"}},
			Actuals: []iatiValue{{Value: "185"}, {Value: "0", Dimensions: []iatiDimension{{"sex", "not declared"}}}}},
		{Start: iatiDate{ISO: "2019-01-01"}, End: iatiDate{ISO: "2020-12-31"}, Targets: []iatiValue{{Value: "200"}}},
	}
	if d := cmp.Diff(want, i.Periods); d != "" {
		t.Error(d)
	}
	if i.Measure != "1" || i.Baseline == nil || *i.Baseline != (iatiBaseline{2017, "0"}) {
		t.Errorf("measure %s, baseline %+v", i.Measure, i.Baseline)
	}
	rate := f.Activity.Results[1].Indicators[0]
	if rate.Measure != "2" || rate.Baseline != nil {
		t.Errorf("measure %s, baseline %+v", rate.Measure, rate.Baseline)
	}
	if strings.Contains(text, "181") || strings.Contains(text, "female") {
		t.Error("a hidden value is told")
	}
}

func TestIATIFollowsTheSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (apt package libxml2-utils)")
	}
	file := filepath.Join(t.TempDir(), "iati.xml")
	for _, a := range []Activity{activity, {Reporter: "XX", ReporterType: "10", Identifier: "XX-1"}} {
		files, err := Files(sampleData(t), a, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.Name == "iati_resultats.xml" {
				if err := os.WriteFile(file, f.Bytes, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		if out, err := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", "testdata/iati/iati-activities-schema.xsd", file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

func TestADX(t *testing.T) {
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<adx xmlns="urn:ihe:qrph:adx:2015" exported="2021-01-15T00:00:00Z">
 <group dataSet="CP3_A" orgUnit="MA" period="2019-01-01/P1Y">
  <dataValue dataElement="CP3_1_2" value="68"></dataValue>
 </group>
 <group dataSet="CP3_A" orgUnit="MA" period="2020-01-01/P1Y">
  <dataValue dataElement="CP3_1_2_SEX" SEX="U" value="0"></dataValue>
  <dataValue dataElement="CP3_1_2" value="185"></dataValue>
  <dataValue dataElement="CP3_OS2" value="107.1"></dataValue>
 </group>
 <group dataSet="CP3_Q" orgUnit="MA-04" period="2020-04-01/P3M">
  <dataValue dataElement="CP3_1_2" value="40"></dataValue>
 </group>
</adx>
`
	if d := cmp.Diff(want, sampleFiles(t)["adx_snia_cp3.xml"]); d != "" {
		t.Error(d)
	}
}

func TestDHIS2(t *testing.T) {
	var set dataValueSet
	if err := json.Unmarshal([]byte(sampleFiles(t)["dhis2_datavaluesets.json"]), &set); err != nil {
		t.Fatal(err)
	}
	want := dataValueSet{"CODE", "CODE", "CODE", []dataValue{
		{"CP3_1_2", "2019", "MA", "", "68"},
		{"CP3_1_2_SEX", "2020", "MA", "CP3_SEX_U", "0"},
		{"CP3_1_2", "2020", "MA", "", "185"},
		{"CP3_1_2", "2020Q2", "MA-04", "", "40"},
		{"CP3_OS2", "2020", "MA", "", "107.1"},
	}}
	if d := cmp.Diff(want, set); d != "" {
		t.Error(d)
	}
}

// Every code of the files is in the map.
func TestCodes(t *testing.T) {
	files := sampleFiles(t)
	rows, err := csv.NewReader(strings.NewReader(files["codes.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	mapped := map[string]bool{"": true}
	for _, row := range rows[1:] {
		mapped[row[3]], mapped[row[4]], mapped["CP3_SEX_"+row[4]] = true, true, true
	}
	var set dataValueSet
	if err := json.Unmarshal([]byte(files["dhis2_datavaluesets.json"]), &set); err != nil {
		t.Fatal(err)
	}
	for _, v := range set.Values {
		if !mapped[v.Element] || !mapped[v.Unit] || !mapped[v.Option] {
			t.Errorf("not in codes.csv: %+v", v)
		}
	}
	sent, err := csv.NewReader(strings.NewReader(files["sdmx_snia_cp3.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range sent[1:] {
		if !mapped[row[4]] || !mapped[row[5]] || !mapped[row[6]] {
			t.Errorf("not in codes.csv: %v", row)
		}
	}
}

// A file that breaks its form's rules is not released.
func TestWhatIsWrongIsNotReleased(t *testing.T) {
	good := sampleFiles(t)
	for _, c := range []struct {
		file     string
		check    func([]byte) error
		old, new string
	}{
		{"sdmx_snia_cp3.csv", checkSDMX, ",R,A,MA,OS2", ",I,A,MA,OS2"},
		{"sdmx_snia_cp3.csv", checkSDMX, "2020,107.1", "2020,107;1"},
		{"sdmx_snia_cp3.csv", checkSDMX, "MA-04", "04"},
		{"sdmx_snia_cp3.csv", checkSDMX, "1.2,M,2020,", "1.2,M,2020,4"},
		{"sdmx_snia_cp3.csv", checkSDMX, "1.2,M,2020,", "1.2,F,2020,"},
		{"sdmx_snia_cp3.csv", checkSDMX, "2020-Q2", "2020"},
		{"iati_resultats.xml", checkIATI, `<period-end iso-date="2019-12-31"`, `<period-end iso-date="2018-12-31"`},
		{"iati_resultats.xml", checkIATI, `<actual value="185"`, `<actual value="n.d."`},
		{"iati_resultats.xml", checkIATI, `<dimension name="sex" value="not declared"></dimension>`, ""},
		{"adx_snia_cp3.xml", checkADX, `2020-04-01/P3M`, `2020-02-01/P3M`},
		{"adx_snia_cp3.xml", checkADX, `SEX="U"`, ``},
		{"adx_snia_cp3.xml", checkADX, `CP3_OS2`, `CP3_1_2`},
		{"dhis2_datavaluesets.json", checkDHIS2, `"2020Q2"`, `"2020-Q2"`},
		{"dhis2_datavaluesets.json", checkDHIS2, `"CP3_OS2"`, `"CP3_1_2"`},
		{"dhis2_datavaluesets.json", checkDHIS2, `"107.1"`, `""`},
	} {
		if err := c.check([]byte(good[c.file])); err != nil {
			t.Fatalf("%s as it is: %v", c.file, err)
		}
		if !strings.Contains(good[c.file], c.old) {
			t.Fatalf("%s has no %s", c.file, c.old)
		}
		if err := c.check([]byte(strings.Replace(good[c.file], c.old, c.new, 1))); err == nil {
			t.Errorf("%s with %q instead of %q is released", c.file, c.new, c.old)
		}
	}
}
