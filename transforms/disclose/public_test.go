package disclose

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

// memory is published tables in memory.
type memory map[string][]map[string]any

func (m memory) Rows(_ context.Context, relation string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range m[relation] {
			values := make([]any, len(columns))
			for i, c := range columns {
				values[i] = row[c]
			}
			if !yield(values, nil) {
				return
			}
		}
	}
}

func (m memory) tables() []pipeline.Table {
	var tables []pipeline.Table
	for name := range m {
		t := pipeline.Table{Name: name}
		for _, c := range needed[name] {
			t.Columns = append(t.Columns, pipeline.Column{Name: c})
		}
		tables = append(tables, t)
	}
	slices.SortFunc(tables, func(a, b pipeline.Table) int { return strings.Compare(a.Name, b.Name) })
	return tables
}

// person is one of those the test's tables count.
type person struct{ enrolled, completed, region, quarter, sex, country, age, status, member string }

func crowd(r *rand.Rand, n int) []person {
	pick := func(list ...string) string { return list[min(r.IntN(len(list)), r.IntN(len(list)))] } // the first are frequent
	people := make([]person, n)
	for i := range people {
		people[i] = person{
			enrolled: "oui", region: pick("04", "06", "01"), quarter: pick("1", "2", "3", "4"), sex: pick("F", "H", "F", "H", "ND"),
			country: pick("SEN", "CIV", "CMR", "SYR"), age: pick("18-24", "25-34", "35-44"), status: pick("REGULARISE", "REFUGIE"), member: pick("EN", "OFPPT"),
		}
		if r.IntN(3) == 0 {
			people[i].completed = "oui"
		}
	}
	return people
}

// tell makes the published tables of a year from persons: 1.2 counts the enrolled,
// 1.7 those who completed, 1.5 is their rate; 3.1 is of nobody.
func tell(people []person) memory {
	m := memory{"indicateurs": {
		{"code": "1.2", "calcul": "compte", "mesure": "personnes"}, {"code": "1.7", "calcul": "compte", "mesure": "personnes"},
		{"code": "1.5", "calcul": "taux", "mesure": "personnes"}, {"code": "3.1", "calcul": "moyenne", "mesure": "institutions"},
	}}
	for _, q := range []any{nil, int64(1), int64(2), int64(3), int64(4)} {
		for _, region := range []any{nil, "01", "04", "06"} {
			for _, s := range []string{"F", "H", "ND", "T"} {
				var enrolled, completed int64
				for _, p := range people {
					if (q == nil || fmt.Sprint(q) == p.quarter) && (region == nil || region == p.region) && (s == "T" || s == p.sex) {
						enrolled++
						if p.completed != "" {
							completed++
						}
					}
				}
				m.value("1.2", q, region, s, enrolled, nil)
				m.value("1.7", q, region, s, completed, nil)
				m.value("1.5", q, region, s, completed, enrolled)
			}
		}
	}
	m["valeurs"] = append(m["valeurs"], map[string]any{"code": "3.1", "annee": int64(2020), "sexe": "T", "valeur": 3.0, "numerateur": 3.0})
	for _, p := range people {
		m["activites"] = append(m["activites"], map[string]any{
			"service": "FP_INSCRIPTION", "membre": p.member, "region": p.region, "annee": int64(2020), "trimestre": p.quarter, "sexe": p.sex,
			"nationalite": p.country, "tranche_age": p.age, "statut_administratif": p.status, "personnes": int64(1),
		})
	}
	return m
}

func (m memory) value(code string, quarter, region any, sex string, n int64, of any) {
	row := map[string]any{
		"code": code, "annee": int64(2020), "trimestre": quarter, "region": region, "sexe": sex, "valeur": float64(n), "numerateur": float64(n), "drapeaux": "x",
	}
	if d, rate := of.(int64); rate {
		row["denominateur"], row["valeur"] = float64(d), nil
		if d > 0 {
			row["valeur"] = float64(1000*n/d) / 10
		}
	} else {
		row["valeur_declaree"], row["ecart"] = float64(n+1), 1.0
	}
	m["valeurs"] = append(m["valeurs"], row)
	if quarter == nil && region == nil {
		m["tableau_de_suivi"] = append(m["tableau_de_suivi"], map[string]any{
			"code": code, "annee": int64(2020), "sexe": sex, "valeur_annee": row["valeur"], "taux_realisation": 50.0, "statut": "proche", "drapeaux": "x",
		})
	}
}

func public(t *testing.T, m memory) (Result, map[string]*table) {
	t.Helper()
	return publicAfter(t, m, Told{})
}

func publicAfter(t *testing.T, m memory, past Told) (Result, map[string]*table) {
	t.Helper()
	published, err := Read(t.Context(), m, m.tables())
	if err != nil {
		t.Fatal(err)
	}
	res, err := published.Public(t.Context(), Options{Threshold: 5, Past: past})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Report.Safe() {
		t.Fatalf("not safe: %v", res.Report.TooNarrow)
	}
	tables := map[string]*table{}
	for _, p := range res.Tables {
		one := &table{Table: p.Table, rows: p.Rows, at: map[string]int{}}
		for i, c := range p.Columns {
			one.at[c.Name] = i
		}
		tables[p.Name] = one
	}
	return res, tables
}

func hiddenIn(t *table, row []any, column string) bool {
	names, _ := row[t.at[maskColumn]].(string)
	return slices.Contains(strings.Split(names, ","), column)
}

func TestPublicHidesWhatIsSmallAndWhatTellsOfIt(t *testing.T) {
	m := tell(crowd(rand.New(rand.NewPCG(2, 1)), 300))
	_, tables := public(t, m)
	v := tables["valeurs"]
	hidden := 0
	for n, row := range v.rows {
		truth := m["valeurs"][n]
		for _, c := range v.Columns {
			if c.Name == maskColumn || c.Name == reasonColumn {
				continue
			}
			if got := row[v.at[c.Name]]; hiddenIn(v, row, c.Name) != (got == nil && truth[c.Name] != nil) || got != nil && got != truth[c.Name] {
				t.Fatalf("%s of %v is %v, hidden: %v", c.Name, truth, got, row[v.at[maskColumn]])
			}
		}
		persons := truth["code"] != "3.1"
		for _, column := range []string{"valeur", "numerateur", "denominateur", "valeur_declaree"} {
			f, counted := truth[column].(float64)
			rate := truth["code"] == "1.5" && column == "valeur"
			if counted && persons && !rate && f > 0 && f < 5 && !hiddenIn(v, row, column) {
				t.Errorf("%s of %v is shown", column, truth)
			}
			if !persons && row[v.at[maskColumn]] != nil {
				t.Errorf("%v counts nobody and is hidden", truth)
			}
		}
		// A rate says both its numbers.
		if truth["code"] == "1.5" && row[v.at["valeur"]] != nil && (row[v.at["numerateur"]] == nil || row[v.at["denominateur"]] == nil) {
			t.Errorf("the rate of %v is shown, its numbers aren't", truth)
		}
		if hiddenIn(v, row, "valeur") {
			hidden++
			for _, also := range []string{"valeur_declaree", "ecart", "drapeaux"} {
				if row[v.at[also]] != nil {
					t.Errorf("%s of %v is shown beside a hidden value", also, truth)
				}
			}
		}
	}
	if hidden < 30 {
		t.Errorf("only %d values hidden: the test shows little", hidden)
	}
}

// The tables that repeat a value hide it too, under whatever name.
func TestPublicTablesAgree(t *testing.T) {
	m := tell(crowd(rand.New(rand.NewPCG(4, 1)), 60))
	_, tables := public(t, m)
	v, s := tables["valeurs"], tables["tableau_de_suivi"]
	shown := map[string]bool{}
	for _, row := range v.rows {
		code, k := v.text(row, "code", ""), v.cell(row)
		shown[code+fmt.Sprint(k)] = row[v.at["valeur"]] != nil
		// 1.7 is the numerator of 1.5, 1.2 its denominator.
		if code == "1.5" {
			shown["1.7"+fmt.Sprint(k)+" as numerator"] = row[v.at["numerateur"]] != nil
			shown["1.2"+fmt.Sprint(k)+" as denominator"] = row[v.at["denominateur"]] != nil
		}
	}
	for name, is := range shown {
		for _, as := range []string{" as numerator", " as denominator"} {
			if other, has := shown[name+as]; has && other != is {
				t.Errorf("%s: shown %v, %s %v", name, is, as, other)
			}
		}
	}
	for _, row := range s.rows {
		k := keys{"2020", all, all, s.total(row, "sexe"), all}
		if is := row[s.at["valeur_annee"]] != nil; is != shown[s.text(row, "code", "")+fmt.Sprint(k)] {
			t.Errorf("%v: shown %v in the follow-up table, not so in valeurs", row, is)
		}
		if row[s.at["valeur_annee"]] == nil && (row[s.at["taux_realisation"]] != nil || row[s.at["statut"]] != nil) {
			t.Errorf("%v: its rate or status tells of the hidden value", row)
		}
	}
}

// Somebody with the public tables, a list of what adds up, and linear algebra finds
// no hidden count. The equations are made here, from what is shown alone.
func TestLinearAlgebraFindsNothing(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 9))
		_, tables := public(t, tell(crowd(r, 40+r.IntN(400))))
		e := equations{unknown: map[string]int{}}
		v := tables["valeurs"]
		for _, row := range v.rows {
			code := v.text(row, "code", "")
			if code == "3.1" {
				continue
			}
			k := v.cell(row)
			for column, name := range map[string]string{"numerateur": map[string]string{"1.2": "A", "1.7": "B", "1.5": "B"}[code], "denominateur": "A"} {
				if column == "denominateur" && code != "1.5" {
					continue
				}
				e.know(name, k, row[v.at[column]])
			}
		}
		a := tables["activites"]
		for _, row := range a.rows {
			k := a.cell(row)
			for _, axis := range axes {
				if s := a.text(row, axis, "T"); s != "T" {
					k[other] = axis + "=" + s
				}
			}
			e.know("A", k, row[a.at["personnes"]])
		}
		if len(e.unknown) < 20 {
			t.Fatalf("only %d unknowns", len(e.unknown))
		}
		if found := e.solve(); len(found) > 0 {
			t.Errorf("crowd %d: found %v", seed, found)
		}
	}
}

// equations are what somebody outside can write down.
type equations struct {
	unknown map[string]int
	cells   map[string]map[keys]any // value shown, or nil
}

func (e *equations) know(series string, k keys, value any) {
	if e.cells == nil {
		e.cells = map[string]map[keys]any{}
	}
	if e.cells[series] == nil {
		e.cells[series] = map[keys]any{}
	}
	if value == nil {
		e.unknown[series+fmt.Sprint(k)] = 0
		if _, has := e.cells[series][k]; !has {
			e.cells[series][k] = nil
		}
		return
	}
	e.cells[series][k] = value
}

// solve writes total = parts wherever the parts of an axis are there, eliminates,
// and returns the unknowns that are left with one value.
func (e *equations) solve() (found []string) {
	index := map[string]int{}
	var names []string
	for series, cells := range e.cells {
		for k, v := range cells {
			if v == nil {
				names = append(names, series+fmt.Sprint(k))
			}
		}
	}
	slices.Sort(names)
	for i, n := range names {
		index[n] = i
	}
	var rows [][]*big.Rat
	for series, cells := range e.cells {
		for total := range cells {
			for d := range dimensions {
				if total[d] != all || d == year {
					continue
				}
				byAxis := map[string][]keys{}
				for k := range cells {
					same := k
					same[d] = all
					if same == total && k != total {
						axis := ""
						if d == other {
							axis, _, _ = strings.Cut(k[d], "=")
						}
						byAxis[axis] = append(byAxis[axis], k)
					}
				}
				for _, parts := range byAxis {
					row := make([]*big.Rat, len(names)+1)
					for i := range row {
						row[i] = new(big.Rat)
					}
					add := func(k keys, sign int64) {
						if v := cells[k]; v == nil {
							i := index[series+fmt.Sprint(k)]
							row[i].Add(row[i], big.NewRat(sign, 1))
						} else {
							n, _ := new(big.Rat).SetString(fmt.Sprint(v))
							row[len(names)].Sub(row[len(names)], n.Mul(n, big.NewRat(sign, 1)))
						}
					}
					add(total, -1)
					for _, k := range parts {
						add(k, 1)
					}
					rows = append(rows, row)
				}
			}
		}
	}
	at := 0
	for c := range names {
		p := slices.IndexFunc(rows[at:], func(r []*big.Rat) bool { return r[c].Sign() != 0 })
		if p < 0 {
			continue
		}
		rows[at], rows[at+p] = rows[at+p], rows[at]
		inverse := new(big.Rat).Inv(rows[at][c])
		for j := range rows[at] {
			rows[at][j].Mul(rows[at][j], inverse)
		}
		for i := range rows {
			if i != at && rows[i][c].Sign() != 0 {
				f := new(big.Rat).Set(rows[i][c])
				for j := range rows[i] {
					if rows[at][j].Sign() != 0 {
						rows[i][j].Sub(rows[i][j], new(big.Rat).Mul(f, rows[at][j]))
					}
				}
			}
		}
		if at++; at == len(rows) {
			break
		}
	}
	for _, row := range rows[:at] {
		var alone []string
		for c, name := range names {
			if row[c].Sign() != 0 {
				alone = append(alone, name)
			}
		}
		if len(alone) == 1 {
			found = append(found, alone[0]+" = "+row[len(names)].RatString())
		}
	}
	return found
}

// A second edition after one more person enrolled: what did not change is one
// system with the first, and still nothing is exposed.
func TestPublicRemembers(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	people := crowd(r, 220)
	first, before := public(t, tell(people))
	b, err := json.Marshal(first.Told)
	if err != nil {
		t.Fatal(err)
	}
	var past Told
	if err := json.Unmarshal(b, &past); err != nil {
		t.Fatal(err)
	}
	same, after := publicAfter(t, tell(people), past)
	if d := cmp.Diff(before["valeurs"].rows, after["valeurs"].rows); d != "" {
		t.Errorf("the same figures again are hidden differently:\n%s", d)
	}
	if len(same.Told.Quantities) != len(first.Told.Quantities) {
		t.Errorf("%d quantities to remember, then %d", len(first.Told.Quantities), len(same.Told.Quantities))
	}
	second, _ := publicAfter(t, tell(append(people, crowd(r, 12)...)), past)
	if len(second.Report.Intervals) <= len(second.Told.Quantities)/2 {
		t.Errorf("%d intervals audited", len(second.Report.Intervals))
	}
	earlier := slices.ContainsFunc(second.Report.Intervals, func(iv Interval) bool { return iv.Reason == Earlier })
	if !earlier {
		t.Error("what the first edition hid isn't audited with the second")
	}
}

func TestPublicSaysHowMuch(t *testing.T) {
	_, tables := public(t, tell(crowd(rand.New(rand.NewPCG(8, 1)), 300)))
	c := tables["confidentialite"]
	var whole []any
	for _, row := range c.rows {
		if row[0] == "T" {
			whole = row
		}
	}
	get := func(column string) any { return whole[c.at[column]] }
	if get("seuil") != int64(5) || get("effectifs_determines") != int64(0) || get("effectifs_exposes") != int64(0) {
		t.Errorf("the audit's result is %v", whole)
	}
	loss, least := get("perte").(float64), get("perte_minimale").(float64)
	if least <= 0 || least > loss || loss >= 100 {
		t.Errorf("loss %v, at least %v", loss, least)
	}
	if n, _ := get("intervalle_minimal").(int64); n < 5 {
		t.Errorf("the narrowest interval is %v", get("intervalle_minimal"))
	}
	d := tables["dictionnaire"]
	for name, one := range tables {
		for _, column := range one.Columns {
			if !slices.ContainsFunc(d.rows, func(row []any) bool { return row[0] == name && row[1] == column.Name }) {
				t.Errorf("%s.%s isn't in the dictionary", name, column.Name)
			}
			if strings.HasPrefix(column.FR, "disclosure.") {
				t.Errorf("%s.%s has no text: %s", name, column.Name, column.FR)
			}
		}
	}
}
