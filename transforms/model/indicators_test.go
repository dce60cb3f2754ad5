package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cp3/pipeline/store"
)

// Each indicator: a story with rows that count and rows that must not, and what
// comes out. A wanted line is a period, a region or nothing, and the values by
// sex; "-" is NULL; a rate is followed by its numerator and denominator.
var indicatorCases = []struct {
	code, name, story, want string
}{
	{"OS1", "completed, then placed", `
EN 2020 04 covers FP_REUSSITE
  a F FP_REUSSITE 2020-03-31
  b H FP_REUSSITE 2020-03-31
  c F FP_REUSSITE 2020-09-30
  f F FP_REUSSITE 2020
ANAPEC 2020 04 covers CONTRAT_AIDE
  a F CONTRAT_AIDE 2020-05-02
  b H CREATION_AE 2020-06-02
  + CREATION_COOP 2020-07-02        # the same person again
  c F INSERTION_SALARIEE 2020-08-01 # before completing
  d H INSERTION_SALARIEE 2020-08-01 # never trained
  a F ACC_EMPLOI 2020-05-02         # not a placement
  f F INSERTION_SALARIEE 2020-08-01 # completed some day of 2020: can be later
`, "2020 T=3 F=2 H=1 ND=0"},
	{"OS1", "the training can be years before, never after", `
EN 2019 04 covers FP_REUSSITE
  a F FP_REUSSITE 2018-06-30
EN 2021 04 covers FP_REUSSITE
  b F FP_REUSSITE 2021-06-30
ANAPEC 2020 04 covers INSERTION_SALARIEE
  a F INSERTION_SALARIEE 2020-05-02
  b F INSERTION_SALARIEE 2020-05-02
`, "2020 T=1 F=1 H=0 ND=0"},
	{"OS2", "over 100 %", `
EN 2020 04 covers FP_REUSSITE,FP_INSCRIPTION,REFERENCEMENT
  a F FP_INSCRIPTION 2020-01-10
  + FP_REUSSITE 2020-06-30
  + REFERENCEMENT 2020-07-01 toward=ANAPEC
  b H FP_INSCRIPTION 2020-01-10
  + REFERENCEMENT 2020-07-01 toward=ANAPEC
  c H FP_INSCRIPTION 2020-01-10            # never referred
  d H REFERENCEMENT 2020-07-01 toward=ANAPEC # never trained
  e H FP_INSCRIPTION 2020-01-10
  + REFERENCEMENT 2020-07-01 toward=OFPPT  # to another member
ANAPEC 2020 04 covers ACC_EMPLOI
  a F ACC_EMPLOI 2020-09-01
  b H ACC_AUTOEMPLOI 2020-09-01
  c H ACC_EMPLOI 2020-09-01
  d H ACC_EMPLOI 2020-09-01
  e H ACC_EMPLOI 2020-09-01
`, "2020 T=200(2/1) F=100(1/1) H=-(1/0) ND=-(0/0)"},
	{"OS3", "placed among those supported", `
ANAPEC 2020 04 covers ACC_EMPLOI,INSERTION_SALARIEE
  a F ACC_EMPLOI 2020-02-01
  b H ACC_EMPLOI 2020-02-01
  c H ACC_EMPLOI 2020-02-01
  d H ACC_AUTOEMPLOI 2020-02-01
  a F INSERTION_SALARIEE 2020-05-01
  + CONTRAT_AIDE 2020-05-01
  d H INSERTION_SALARIEE 2020-05-01 # supported towards self-employment only
`, "2020 T=33.3(1/3) F=100(1/1) H=0(0/2) ND=-(0/0)"},
	{"OS4", "financed, then viable", `
ANAPEC 2020 04 covers VIABILITE_12M,FINANCEMENT_AE
  a F FINANCEMENT_AE 2019-02-01
  + VIABILITE_12M 2020-02-01
  b F VIABILITE_12M 2020-02-01  # never financed
  c H FINANCEMENT_AE 2020-02-01 # not yet viable
`, "2020 T=1 F=1 H=0 ND=0"},
	{"1.1", "received at EN", `
EN 2020 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
  a F ACCUEIL 2020-03-01        # the same person
  b ND ACCUEIL 2020-05
  c H ACCUEIL 2019-12-31        # last year
OFPPT 2020 04 covers ACCUEIL
  d H ACCUEIL 2020-02-01        # elsewhere
EN 2020-T4 04 status=remplacee covers ACCUEIL
  e H ACCUEIL 2020-11-01        # replaced since
EN 2020-T4 04 status=rejetee covers ACCUEIL
  f H ACCUEIL 2020-11-01
`, "2020 T=2 F=1 H=0 ND=1"},
	{"1.2", "enrolled in a targeted centre", `
EN 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-01-10 targeted
  b H FP_INSCRIPTION 2020-01-10 !targeted
  c H FP_INSCRIPTION 2020-01-10           # not said
OFPPT 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-02-10 targeted  # already counted at EN
  d H FP_INSCRIPTION 2020-02-10 targeted
`, "2020 T=2 F=1 H=1 ND=0"},
	{"1.3", "women in technical streams", `
EN 2020 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2020-01-10 technical
  b H FP_INSCRIPTION 2020-01-10 technical  # a man
  c F FP_INSCRIPTION 2020-01-10 !technical
`, "2020 T=1 F=1 H=0 ND=0"},
	{"1.4", "referred by EN to ANAPEC", `
EN 2020 04 covers REFERENCEMENT
  a F REFERENCEMENT 2020-01-10 toward=ANAPEC
  b F REFERENCEMENT 2020-01-10 toward=OFPPT
OFPPT 2020 04 covers REFERENCEMENT
  c F REFERENCEMENT 2020-01-10 toward=ANAPEC
`, "2020 T=1 F=1 H=0 ND=0"},
	{"1.5", "completed, over last year's cohort", `
EN 2019 04 covers FP_INSCRIPTION
  a F FP_INSCRIPTION 2019-10-01
  b F FP_INSCRIPTION 2019-10-01
  c H FP_INSCRIPTION 2019-10-01
  c H FP_INSCRIPTION 2019-11-01 # the same person
  d H FP_INSCRIPTION 2018-10-01 # the cohort before
EN 2020 04 covers FP_REUSSITE,FP_INSCRIPTION
  a F FP_REUSSITE 2020-06-30
  b F FP_ABANDON 2020-06-30
  e F FP_INSCRIPTION 2020-06-30 # the next cohort
`, "2020 T=33.3(1/3) F=50(1/2) H=0(0/1) ND=-(0/0)"},
	{"1.6", "declared", `
EN 2020-T2 04
  declared 1.6 T=60
EN 2020-T4 04
  declared 1.6 T=70
  declared 1.7 T=99
OFPPT 2020-T1 06
  declared 1.6 T=40
`, "2020 T=55(1.1/2)"},
	{"1.7", "completed", `
EN 2020 04 covers FP_REUSSITE
  a F FP_REUSSITE 2020-06-30
  b H FP_ABANDON 2020-06-30
ARTISANAT 2020 06 covers FP_REUSSITE
  c H FP_REUSSITE 2020-06-30
  d H FP_REUSSITE 2021-01-30
`, "2020 T=2 F=1 H=1 ND=0"},
	{"1.8", "grants", `
EN 2020 04 covers BOURSE
  a F BOURSE 2020-06-30
AMAPPE 2020 covers BOURSE
  a F BOURSE 2020-10-01 # the same holder, through the NGO
  b H BOURSE 2020-10-01
  c H BOURSE 2019-10-01
`, "2020 T=2 F=1 H=1 ND=0"},
	{"2.1", "registered at a pilot agency", `
ANAPEC 2020 04 covers ANAPEC_INSCRIPTION
  a F ANAPEC_INSCRIPTION 2020-06-30 pilot
  b F ANAPEC_INSCRIPTION 2020-06-30 !pilot
  c F ACC_EMPLOI 2020-06-30 pilot
`, "2020 T=1 F=1 H=0 ND=0"},
	{"2.2", "supported", `
ANAPEC 2020 04 covers ACC_EMPLOI,ACC_AUTOEMPLOI
  a F ACC_EMPLOI 2020-06-30
  a F ACC_AUTOEMPLOI 2020-07-30 # both kinds, one person
  b H ACC_AUTOEMPLOI 2020-06-30
  c H ANAPEC_INSCRIPTION 2020-06-30
`, "2020 T=2 F=1 H=1 ND=0"},
	{"2.3", "aided contracts", `
ANAPEC 2020 04 covers CONTRAT_AIDE
  a F CONTRAT_AIDE 2020-06-30
  b H INSERTION_SALARIEE 2020-06-30
`, "2020 T=1 F=1 H=0 ND=0"},
	{"2.4", "the last quarter each committee declared", `
CP3-RSK 2020-T2 04
  declared 2.4 T=30
CP3-RSK 2020-T4 04
  declared 2.4 T=50
CP3-CS 2020-T3 06
  declared 2.4 T=30
CP3-CS 2020-T4 06 status=rejetee
  declared 2.4 T=90
`, "2020 T=40(0.8/2)"},
	{"2.4", "declared twice in one file", `
CP3-RSK 2020-T2 04
  declared 2.4 T=30
  declared 2.4 T=50
`, "2020 T=40(0.4/1)"},
	{"2.5", "tools add up", `
CP3-RSK 2020-T2 04
  declared 2.5 T=1
CP3-RSK 2020-T4 04
  declared 2.5 T=2
  declared 2.5 T=4 quarter=2 # this file knows better about the second quarter
CP3-CS 2020 06
  declared 2.5 T=3
  declared 2.5 T=9 quarter=1 # the year's own figure stands
CP3-CS 2019-T1 06
  declared 2.5 T=8
`, "2020 T=9"},
	{"2.6", "companies that asked", `
ANAPEC 2020 04 covers companies.asked
  company Atlas ice=123 2020-02-01 asked
  company ATLAS 2020-03-01 !asked         # Atlas again, without its number
  company Rif 2020-02-01 !asked
  company Souss 2020-02-01                # not said: approached all the same
  company Draa 2019-02-01 asked
AMAPPE 2020 04
  company atlas-sarl ice=123 2020-05-01   # Atlas again, by its number
  company Oriental ice=9 2020-05-01
`, "2020 T=25(1/4)"},
	{"2.6", "a name two companies bear is neither's", `
ANAPEC 2020 04 covers companies.asked
  company Atlas ice=1 2020-02-01 asked
  company Atlas ice=2 2020-03-01
  company Atlas 2020-04-01
`, "2020 T=33.3(1/3)"},
	{"2.7", "companies that recruited", `
ANAPEC 2020 04 covers companies.asked,companies.recruited
  company Atlas 2020-02-01 recruited=2
  company Rif 2020-02-01 recruited=0
`, "2020 T=50(1/2)"},
	{"2.7", "nobody said", `
ANAPEC 2020 04 covers companies.asked
  company Atlas 2020-02-01 asked
`, "2020 T=-"},
	{"3.1", "always there", `
CP3-RSK 2020 04 covers meetings
  meeting 2020-02-01 EN=3 ANAPEC=2 AMAPPE=4 # AMAPPE isn't of the state
  meeting 2020-06-01 EN=2 ANAPEC=5
  meeting 2020-11-01 EN=4 OFPPT=3           # ANAPEC missed one, OFPPT two
CP3-CS 2020-T1 06 covers meetings
  meeting 2020-02-01 EN=4
CP3-CS 2020-T2 06 covers meetings
  meeting 2020-02-01 EN=4                   # last quarter's row again
`, "2020 T=1.5(6/4)"},
	{"3.2", "declared", `
CP3-RSK 2020 04
  declared 3.2 T=50
  declared 3.3 T=7
`, "2020 T=50(0.5/1)"},
	{"3.3", "state institutions trained", `
CP3-RSK 2020 04 covers sessions
  session 2020-02-01 EN,ANAPEC,AMAPPE n=10
  session 2020-03-01 EN n=10
  session 2019-03-01 OFPPT n=10
`, "2020 T=2"},
	{"3.4", "weighted gain", `
CP3-RSK 2020 04 covers sessions
  session 2020-02-01 EN theme=a n=10 pre=4 post=6
  session 2020-02-01 EN theme=b n=30 pre=8 post=14
  session 2020-03-01 EN theme=b n=30 pre=8     # no test after
CP3-RSK 2020-T4 04 covers sessions
  session 2020-02-01 EN theme=a n=10 pre=4 post=6 # the same session
`, "2020 T=71.4(200/280)"},
	{"3.4", "a later file corrects the marks", `
CP3-RSK 2020-T1 04 covers sessions
  session 2020-02-01 EN theme=a n=10 pre=5 post=6
CP3-RSK 2020-T2 04 covers sessions
  session 2020-02-01 EN theme=a n=20 pre=4 post=6
`, "2020 T=50(40/80)"},
	{"3.4", "no session was tested", `
CP3-RSK 2020 04 covers sessions
  session 2020-03-01 EN theme=b n=30 pre=8
`, "2020 T=-"},
	{"3.5", "satisfied", `
CP3-RSK 2020 04 covers sessions
  session 2020-02-01 EN theme=a n=10 answers=8 content=6
  session 2020-02-01 EN theme=b n=10 answers=2 content=2
  session 2020-02-01 EN theme=c n=10 answers=9          # satisfaction not said
`, "2020 T=80(8/10)"},
	{"3.6", "declared", `
CP3-RSK 2020 04
  declared 3.6 T=40
CP3-CS 2020 06
  declared 3.6 T=60
`, "2020 T=50(1/2)"},
}

func TestIndicators(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range indicatorCases {
		tested[c.code] = true
		t.Run(c.code+" "+c.name, func(t *testing.T) {
			t.Parallel()
			db := build(t, c.story)
			period, _, _ := strings.Cut(c.want, " ")
			if d := cmp.Diff(c.want, period+" "+cells(t, db, c.code, period)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.code, d)
			}
		})
	}
	db := laid(t)
	for _, code := range ask(t, db, "select code from seed_indicateurs") {
		if !tested[code] {
			t.Errorf("indicator %s has no test", code)
		}
	}
}

// cells shows the national values of an indicator for "2020" or "2020-T1", or a
// region's for "2020/04".
func cells(t *testing.T, db *store.DB, code, period string) string {
	t.Helper()
	period, region, _ := strings.Cut(period, "/")
	year, quarter, _ := strings.Cut(period, "-T")
	rows := ask(t, db, fmt.Sprintf(`select sexe || '=' || coalesce(printf('%%g', valeur), '-')
			|| if(denominateur is null, '', printf('(%%g/%%g)', numerateur, denominateur))
		from valeurs
		where code = '%s' and annee = %s and trimestre is not distinct from %s and region is not distinct from %s
		order by sexe <> 'T', sexe`, code, year, orNull(quarter), text(region)))
	return strings.Join(rows, " ")
}
