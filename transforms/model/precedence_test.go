package model_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a cell shows when lists, declared totals and reference values meet. Wanted
// lines: a period (and region), the values by sex, the origin, the flags.
var precedenceCases = []struct {
	name, code, story string
	want              []string
}{
	{"a list wins over the member's own total, which stays visible", "1.1", `
EN 2020-T1 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
  declared 1.1 F=3 H=2 T=5
`, []string{
		"2020 T=1 F=1 H=0 ND=0 nominative declared 5 gap 4 couverture_partielle,ecart_declare",
		"2020-T1/04 T=1 F=1 H=0 ND=0 nominative declared 5 gap 4 ecart_declare",
	}},
	{"a total stands in where the member has no list", "1.1", `
EN 2020-T1 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
EN 2020-T2 04
  declared 1.1 F=3 H=2 T=6
`, []string{
		"2020 T=7 F=4 H=2 ND=1 nominative declared 6 gap -1 mixte,couverture_partielle,ecart_declare",
		"2020-T1 T=1 F=1 H=0 ND=0 nominative declared - gap - -",
		"2020-T2 T=6 F=3 H=2 ND=1 declaree declared 6 gap 0 -",
		"2020-T3 nothing",
	}},
	{"the gap means nothing while a member with lists declared nothing", "1.8", `
EN 2020-T1 04 covers BOURSE
  a F BOURSE 2020-02-01
  declared 1.8 T=1
AMAPPE 2020-T1 06 covers BOURSE
  b H BOURSE 2020-02-01
`, []string{
		"2020 T=2 F=1 H=1 ND=0 nominative declared 1 gap -1 couverture_partielle,declaration_partielle",
		"2020-T1/04 T=1 F=1 H=0 ND=0 nominative declared 1 gap 0 -",
		"2020-T1/06 T=1 F=0 H=1 ND=0 nominative declared - gap - -",
	}},
	{"a total without its sexes has none declared", "1.1", `
EN 2020 04
  declared 1.1 T=6
`, []string{"2020 T=6 F=- H=- ND=6 declaree declared 6 gap 0 -"}},
	{"the sexes outweigh a total smaller than they are", "1.1", `
EN 2020 04
  declared 1.1 F=4 H=4 T=6
`, []string{"2020 T=8 F=4 H=4 ND=0 declaree declared 8 gap 0 -"}},
	{"structures and members add up", "1.8", `
EN 2020 04 structure=a
  declared 1.8 T=6
EN 2020 04 structure=b
  declared 1.8 T=2
AMAPPE 2020 06
  declared 1.8 T=1
`, []string{"2020 T=9 F=- H=- ND=9 declaree declared 9 gap 0 -", "2020/04 T=8 F=- H=- ND=8 declaree declared 8 gap 0 -"}},
	{"institutions that two committees name aren't added", "3.3", `
CP3-RSK 2020 04
  declared 3.3 T=5
CP3-CS 2020 06
  declared 3.3 T=4
`, []string{"2020 T=5 declaree declared 5 gap 0 regions_non_additives"}},
	{"a committee compiles: nothing is added to what an institution said", "1.1", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
CP3-RSK 2020 04
  declared 1.1 T=90
CP3-CS 2020 06
  declared 1.1 T=4
`, []string{
		"2020 T=5 F=1 H=0 ND=4 nominative declared 94 gap 89 mixte,ecart_declare",
		"2020/04 T=1 F=1 H=0 ND=0 nominative declared 90 gap 89 ecart_declare",
		"2020/06 T=4 F=- H=- ND=4 declaree declared 4 gap 0 -",
	}},
	{"a committee compiles what an institution declared", "1.1", `
EN 2020-T1 04
  declared 1.1 T=3
CP3-RSK 2020-T1 04
  declared 1.1 T=4
CP3-RSK 2020-T2 04
  declared 1.1 T=5
`, []string{
		"2020 T=8 F=- H=- ND=8 declaree declared 8 gap 0 -",
		"2020-T1 T=3 F=- H=- ND=3 declaree declared 3 gap 0 -",
		"2020-T2 T=5 F=- H=- ND=5 declaree declared 5 gap 0 -",
	}},
	{"provinces over their region, the year over its quarters, the later file over the earlier", "1.1", `
EN 2020-T1 04 structure=a
  declared 1.1 T=9 province=
  declared 1.1 T=3 province=04.421
  declared 1.1 T=4 province=04.441
EN 2020-T2 04 structure=a
  declared 1.1 T=5 province=04.421 quarter=1 # corrects the first quarter
EN 2020 06 structure=b
  declared 1.1 T=2
  declared 1.1 T=50 quarter=3
`, []string{
		"2020 T=11 F=- H=- ND=11 declaree declared 11 gap 0 -",
		"2020-T1 T=9 F=- H=- ND=9 declaree declared 9 gap 0 -",
		"2020-T3/06 T=50 F=- H=- ND=50 declaree declared 50 gap 0 -",
	}},
	{"regions over the nation", "1.4", `
OFPPT 2020
  declared 1.4 T=9
  declared 1.4 T=3 region=04
  declared 1.4 T=2 region=06
`, []string{"2020 T=5 F=- H=- ND=5 declaree declared 5 gap 0 -"}},
	{"a declared rate is averaged, the last quarter for a year, and only without lists", "1.5", `
EN 2020-T1 04
  declared 1.5 T=30
EN 2020-T3 04
  declared 1.5 T=50
OFPPT 2020-T2 04
  declared 1.5 T=60
`, []string{"2020 T=55 F=- H=- ND=- declaree declared 55 gap 0 -", "2020-T1 T=30 F=- H=- ND=- declaree declared 30 gap 0 -"}},
	{"the reference only where nobody reported", "1.1", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
`, []string{"2019 T=338 F=- H=- ND=338 reference declared - gap - -"}},
	{"the reference contradicted", "1.1", `
EN 2019 04 covers ACCUEIL
  a F ACCUEIL 2019-02-01
`, []string{"2019 T=1 F=1 H=0 ND=0 nominative declared - gap - reference_contredite"}},
	{"the reference of sexes", "1.8", `
EN 2020 04
`, []string{"2019 T=51 F=35 H=16 ND=0 reference declared - gap - -"}},
	{"the cohort unknown, the reference stands", "1.5", `
EN 2019 04 covers FP_REUSSITE
  a F FP_REUSSITE 2019-02-01
`, []string{"2019 T=50 F=- H=- ND=- reference declared - gap - -"}},
	{"the reference of an indicator that is only declared", "3.2", `
CP3-RSK 2020 04
  declared 3.2 T=50
`, []string{"2019 T=30 reference declared - gap - -", "2020 T=50(0.5/1) declaree declared 50 gap 0 -"}},
	{"persons in two regions", "1.1", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
EN 2020 06 structure=b covers ACCUEIL
  a F ACCUEIL 2020-03-01
  b H ACCUEIL 2020-03-01
`, []string{"2020 T=2 F=1 H=1 ND=0 nominative declared - gap - regions_non_additives"}},
	{"over 100 % is flagged, and so is a numerator outside its denominator", "OS2", `
EN 2020 04 covers FP_REUSSITE,FP_INSCRIPTION,REFERENCEMENT
  a F FP_REUSSITE 2020-06-30
  + REFERENCEMENT 2020-07-01 toward=ANAPEC
  b F FP_INSCRIPTION 2020-01-10
  + REFERENCEMENT 2020-07-01 toward=ANAPEC
ANAPEC 2020 04 covers ACC_EMPLOI
  a F ACC_EMPLOI 2020-09-01
  b F ACC_EMPLOI 2020-09-01
`, []string{"2020 T=200(2/1) F=200(2/1) H=-(0/0) ND=-(0/0) nominative declared - gap - plus_de_100,numerateur_hors_denominateur"}},
}

func TestPrecedence(t *testing.T) {
	for _, c := range precedenceCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := build(t, c.story)
			var got []string
			for _, want := range c.want {
				place, _, _ := strings.Cut(want, " ")
				period, region, _ := strings.Cut(place, "/")
				year, quarter, _ := strings.Cut(period, "-T")
				rest := ask(t, db, `select coalesce(origine, '-') || ' declared ' || coalesce(printf('%g', valeur_declaree), '-')
						|| ' gap ' || coalesce(printf('%g', ecart), '-') || ' ' || coalesce(drapeaux, '-')
					from valeurs where sexe = 'T' and code = '`+c.code+`' and annee = `+year+`
					and trimestre is not distinct from `+orNull(quarter)+` and region is not distinct from `+text(region))
				if len(rest) == 0 {
					rest = []string{"nothing"}
				}
				got = append(got, strings.Join(strings.Fields(place+" "+cells(t, db, c.code, place)+" "+rest[0]), " "))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Where a value exists at all.
var coverageCases = []struct {
	name, code, story string
	want              []string
}{
	{"a whole-year list covers its quarters with zeros", "1.1", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
`, []string{"2020 T=1", "2020-T1 T=1", "2020-T2 T=0", "2020-T4/04 T=0", "2020/06"}},
	{"unless a row has no quarter", "1.1", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020
  b F ACCUEIL 2020-02-01
`, []string{"2020 T=2", "2020-T1", "2020-T2"}},
	{"a year-only date in a quarter's file is of that quarter", "1.1", `
EN 2020-T2 04 covers ACCUEIL
  a F ACCUEIL 2020
`, []string{"2020 T=1", "2020-T1", "2020-T2 T=1"}},
	{"a row without a date is of its file's period", "1.1", `
EN 2020-T2 04 covers ACCUEIL
  a F ACCUEIL
`, []string{"2020 T=1", "2020-T2 T=1"}},
	{"a national list covers the regions it speaks of", "1.7", `
OFPPT 2020 covers FP_REUSSITE
  a F FP_REUSSITE 2020-02-01 region=04
  b F FP_INSCRIPTION 2020-02-01 region=06
  c F FP_REUSSITE 2020-02-01
`, []string{"2020 T=2", "2020/04 T=1", "2020/06 T=0"}},
	{"a row out of the period makes no coverage", "1.1", `
EN 2020-T2 04 covers ACCUEIL
  a F ACCUEIL 2020-01-05
`, []string{"2020 T=1", "2020-T1", "2020-T2 T=0"}},
	{"a topic nobody speaks of is a silence", "1.1", `
EN 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-01-05
`, []string{"2020 T=-", "2020-T1"}},
	{"a refused or replaced file covers nothing", "1.1", `
EN 2020 04 status=rejetee covers ACCUEIL
EN 2020 04 status=remplacee covers ACCUEIL
EN 2020 04 status=doublon covers ACCUEIL
`, []string{"2020 T=-"}},
	{"a file with reservations counts", "1.1", `
EN 2020 04 status=reserves covers ACCUEIL
  a F ACCUEIL 2020-01-05
`, []string{"2020 T=1"}},
	{"enrolments that never say whether the centre is targeted", "1.2", `
EN 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-01-05
`, []string{"2020 T=-"}},
	{"streams never said to be technical or not", "1.3", `
EN 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-01-05
`, []string{"2020 T=-"}},
	{"the cohort is whole in every quarter", "1.5", `
EN 2019 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2019-10-01
  b F FP_INSCRIPTION 2019-10-01
EN 2020 04 covers FP_REUSSITE
  a F FP_REUSSITE 2020-02-01
`, []string{"2020 T=50(1/2)", "2020-T1 T=50(1/2)", "2020-T2 T=0(0/2)"}},
}

func TestCoverage(t *testing.T) {
	for _, c := range coverageCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := build(t, c.story)
			var got []string
			for _, want := range c.want {
				place, _, _ := strings.Cut(want, " ")
				total, _, _ := strings.Cut(cells(t, db, c.code, place), " ")
				got = append(got, strings.TrimSpace(place+" "+total))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
