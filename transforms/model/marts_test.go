package model_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cp3/pipeline/fold"
)

// Published tables beside the values: a story, a question, the rows it gives.
var martCases = []struct {
	name, story, query string
	want               []string
}{
	{"activites: a person counts once a year for a service, where first served", `
EN 2020 04 covers BOURSE
  a F BOURSE 2020-06-30 born=1996-05-01 nationality=CMR status=REFUGIE
AMAPPE 2020 06 covers BOURSE
  a F BOURSE 2020-10-01
  b H BOURSE 2020-10-01
EN 2020-T4 04 structure=later covers BOURSE
  a F BOURSE 2020-06-30 # last quarter's row again
  a F BOURSE 2020-11-30
  b H BOURSE 2020-12-01 # by AMAPPE first
`, `select membre, trimestre, sexe, nationalite, tranche_age, statut_administratif, personnes, personnes_servies, prestations
		from activites where service = 'BOURSE'`,
		[]string{
			"AMAPPE 4 F CMR 18-24 REFUGIE 0 1 1", "AMAPPE 4 H - - - 1 1 1",
			"EN 2 F CMR 18-24 REFUGIE 1 1 1", "EN 4 F CMR 18-24 REFUGIE 0 1 1", "EN 4 H - - - 0 1 1",
		}},
	{"activites: companies, each once a year", `
ANAPEC 2020 04 covers companies.asked
  company Atlas 2020-02-01
  company ATLAS 2020-07-01
  company Rif 2020-07-01
AMAPPE 2020 06
  company atlas 2020-01-05
`, `select membre, service, trimestre, sexe, personnes, prestations from activites`,
		[]string{"AMAPPE ENTREPRISE_APPROCHEE 1 - - 1", "ANAPEC ENTREPRISE_APPROCHEE 3 - - 1"}},
	{"activites: what happened several times on unknown days happened several times", `
ANAPEC 2020 04 covers ACC_EMPLOI
  a F ACC_EMPLOI 2020-02
  + ACC_EMPLOI 2020-02
  b F ACC_EMPLOI 2020-02-01 n=3
`, `select personnes, prestations from activites`, []string{"2 5"}},
	{"referencements: taken charge of later, by whom, after how long", `
EN 2020 04 covers REFERENCEMENT
  a F REFERENCEMENT 2020-02-01 toward=ANAPEC
  b H REFERENCEMENT 2020-02-01 toward=ANAPEC
  c H REFERENCEMENT 2020-03-01 toward=ANAPEC
  d F REFERENCEMENT 2020-05-01 toward=ANAPEC
  e F REFERENCEMENT 2020-08-15 toward=ANAPEC
  d F REFERENCEMENT 2020-05-01 toward=OFPPT
ANAPEC 2020 06 covers ACC_EMPLOI
  a F ACC_EMPLOI 2020-02-11
  + ACC_EMPLOI 2020-06-11
  b H ANAPEC_INSCRIPTION 2020-01-15 # before the referral
  c H ACC_EMPLOI 2020-03-31
  d F ACC_EMPLOI 2020-04 # the month before
  e F ACC_EMPLOI 2020-08 # some day of the month: can be later
`, `select membre_origine, membre_destination, coalesce(trimestre::varchar, '*'), sexe, referees, prises_en_charge, delai_median_jours
		from referencements where region is null and (trimestre is null or sexe = 'T')`,
		[]string{
			"EN ANAPEC * F 3 2 10", "EN ANAPEC * H 2 1 30", "EN ANAPEC * ND 0 0 -", "EN ANAPEC * T 5 3 20",
			"EN ANAPEC 1 T 3 2 20", "EN ANAPEC 2 T 1 0 -", "EN ANAPEC 3 T 1 1 -",
			"EN OFPPT * F 1 - -", "EN OFPPT * H 0 - -", "EN OFPPT * ND 0 - -", "EN OFPPT * T 1 - -", "EN OFPPT 2 T 1 - -",
		}},
	{"rapprochements: what is declared beside the list", `
EN 2020-T1 04 covers ACCUEIL
  a F ACCUEIL 2020-02-01
  a F ACCUEIL 2020-02-02
  b H ACCUEIL 2020-02-02
  declared 1.1 F=2 H=2 T=4
  declared 1.4 T=1
EN 2020-T1 04 structure=silent covers ACCUEIL
  d F ACCUEIL 2020-02-01 # of a structure that declared nothing
OFPPT 2020-T1 04 covers FP_REUSSITE
  c F FP_REUSSITE 2020-02-02
CP3-RSK 2020-T1 04
  declared 1.7 T=3
`, `select membre, code, periode, sexe, declare, nominatif, ecart, lignes from rapprochements where periode = '2020-T1'`,
		[]string{
			"CP3-RSK 1.7 2020-T1 ND 3 0 3 0", "CP3-RSK 1.7 2020-T1 T 3 1 2 1",
			"EN 1.1 2020-T1 F 2 1 1 2", "EN 1.1 2020-T1 H 2 1 1 1", "EN 1.1 2020-T1 ND 0 0 0 0", "EN 1.1 2020-T1 T 4 2 2 3",
			"EN 1.4 2020-T1 ND 1 - - -", "EN 1.4 2020-T1 T 1 - - -",
		}},
	{"completude: on time, late, missing, not yet due", `
EN 2020-T1 04 structure=centre received=2020-04-05
EN 2020-T2 04 structure=centre status=remplacee received=2020-07-10
EN 2020-T2 04 structure=centre received=2020-12-01
EN 2020-T3 04 structure=centre status=rejetee received=2020-10-01
OFPPT 2020 04 received=2021-01-05
`, `select membre, structure, periode, attendu_le::varchar, recu_le::varchar, statut from completude`,
		[]string{
			"EN Centre 2020-T1 2020-04-15 2020-04-05 a_temps",
			"EN Centre 2020-T2 2020-07-05 2020-07-10 en_retard",
			"EN Centre 2020-T3 2020-10-15 - manquant",
			"EN Centre 2020-T4 2021-02-15 - attendu",
			"OFPPT - 2020-T4 2021-01-15 2021-01-05 a_temps",
		}},
	{"provenance: rows, the repeated ones too", `
EN 2020-T1 04 id=one covers ACCUEIL
  a F ACCUEIL 2020-02-01
  a F ACCUEIL 2020-02-02
EN 2020-T2 04 id=two structure=b covers ACCUEIL
  b H ACCUEIL 2020-05-02
EN 2020-T2 04 id=three structure=c
  declared 1.4 T=3
  declared 1.1 T=30
`, `select code, coalesce(trimestre::varchar, '*'), sexe, soumission, feuille, lignes, lignes_numerateur, lignes_denominateur
		from provenance where region is null and annee = 2020`,
		[]string{
			"1.1 * F one S 2 2 0", "1.1 * H two S 1 1 0", "1.1 * T one S 2 2 0", "1.1 * T two S 1 1 0",
			"1.1 1 F one S 2 2 0", "1.1 1 T one S 2 2 0", "1.1 2 H two S 1 1 0", "1.1 2 T two S 1 1 0",
			"1.4 * T three S 1 1 0", "1.4 2 T three S 1 1 0",
		}},
	{"provenance: none for a reference value, whatever rows there are", `
EN 2019 04 covers FP_REUSSITE
  a F FP_REUSSITE 2019-02-01
`, `select code, soumission from provenance where code in ('1.5', '1.7') and region is null and trimestre is null and sexe = 'T'`,
		[]string{"1.7 0000000000000001"}},
	{"tableau_de_suivi: last year, targets, status", `
EN 2020 04 covers ACCUEIL,REFERENCEMENT
  a F ACCUEIL 2020-02-01
`, `select code, sexe, valeur_base, valeur_annee_precedente, valeur_annee, cible_annee, cible_finale, taux_realisation, statut
		from tableau_de_suivi where annee = 2020 and code in ('1.1', '1.3', '1.4')`,
		[]string{
			"1.1 T 97 338 1 150 497 0.7 insuffisant", "1.3 T 0 0 - 0 0 - non_renseigne",
			"1.4 F - - 0 - - - -", "1.4 H - - 0 - - - -", "1.4 ND - 0 0 - - - -", "1.4 T 0 0 0 80 150 0 insuffisant",
		}},
	{"soumissions: whatever became of them, dates without times", `
OFPPT 2020 04 id=z status=rejetee
EN 2020-T1 04 id=b
`, `select soumission, membre, periode, nom_fichier, recu_le::varchar, statut from soumissions`,
		[]string{"b EN 2020-T1 b.xlsx 2021-01-10 acceptee", "z OFPPT 2020 z.xlsx 2021-01-10 rejetee"}},
}

// A person is what most mentions say, and what the latest says among equals.
func TestPersons(t *testing.T) {
	db := build(t, `
EN 2020-T3 04 id=third
  a ND born=1990-01-01
  b F
  c H
EN 2020-T1 04 id=first
  a F born=1990-01-01 nationality=CMR status=REFUGIE
  b F
  c F
  d ND
EN 2020-T2 04 id=second
  a F born=1985-01-01 nationality=CIV
  b H
`)
	want := []string{"pa F 1990 CIV REFUGIE", "pb F - - -", "pc H - - -", "pd ND - - -"}
	if d := cmp.Diff(want, ask(t, db, "from person order by 1")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

const expectations = `
insert into expected values ('EN', 'Centre', 2020, 1, '2020-04-15'), ('EN', 'Centre', 2020, 2, '2020-07-05'),
	('EN', 'Centre', 2020, 3, '2020-10-15'), ('EN', 'Centre', 2020, 4, '2021-02-15'), ('OFPPT', null, 2020, 4, '2021-01-15');`

func TestMarts(t *testing.T) {
	for _, c := range martCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := laid(t)
			if err := db.Exec(context.Background(), expectations); err != nil {
				t.Fatal(err)
			}
			tell(c.story).fill(t, db)
			derive(t, db)
			if d := cmp.Diff(c.want, ask(t, db, c.query)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Every quality rule finds what it is for, and nothing in a file that is sound.
func TestQualityRules(t *testing.T) {
	db := build(t, `
EN 2020-T1 04 id=en covers ACCUEIL,FP_INSCRIPTION,FP_REUSSITE
  a F ACCUEIL 2020-02-01
  b F FP_INSCRIPTION 2020-03-01 born=2008-01-01
  + FP_REUSSITE 2020-02-01
  declared 1.1 F=2 H=3 T=6
  declared 1.4 F=2 H=3 T=5
ANAPEC 2020-T1 04 id=anapec covers ACC_EMPLOI
  a H ACC_EMPLOI 2020-03-02
  a F ACC_EMPLOI 2020-03-03
CP3-RSK 2020 04 id=rsk
  declared 1.4 T=9
  declared 1.4 T=3 province=04.421
  declared 1.4 T=2 province=04.441
CP3-CS 2020 06 id=cs
  declared 1.4 T=9
  declared 1.4 T=1 quarter=1
  declared 1.4 T=1 quarter=2
  declared 1.4 T=1 quarter=3
  declared 1.4 T=1 quarter=4
OFPPT 2020 id=ofppt
  declared 1.4 T=9
  declared 1.4 T=3 region=04
  declared 1.4 T=2 region=06
AMAPPE 2020 06 id=sound covers BOURSE
  d H BOURSE 2020-03-02 born=1990-01-01
  declared 1.8 H=1 F=0 T=1
`)
	got := ask(t, db, `select regle, membre, soumission, cellule, code, periode, region, message_ar is not null from anomalies order by all`)
	want := []string{
		"quality.completed_before_enrolled EN en 3:3 - 2020 04 true",
		"quality.declared_differs_from_list EN - - 1.1 2020 - true",
		"quality.declared_differs_from_list EN - - 1.1 2020-T1 - true",
		"quality.declared_total_differs_from_sexes EN en T4 1.1 2020-T1 04 true",
		"quality.nation_differs_from_regions OFPPT ofppt T2 1.4 2020 - true",
		"quality.region_differs_from_provinces CP3-RSK rsk T2 1.4 2020 04 true",
		"quality.sexes_disagree ANAPEC anapec 2:2 - 2020 04 true",
		"quality.trainee_under_15 EN en 3:3 - 2020 04 true",
		"quality.year_differs_from_quarters CP3-CS - - 1.4 2020 06 true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A figure is compared with the year before it, and with the edition before it.
func TestQualityRulesLookBack(t *testing.T) {
	db := laid(t)
	tell(`
EN 2019 04 id=old
  declared 2.5 T=90
EN 2020 04 id=new covers ACCUEIL
  a F ACCUEIL 2020-02-01 born=2021-01-01
  declared 2.5 T=20
`).fill(t, db)
	derive(t, db)
	if err := db.Exec(t.Context(), `insert into setting values ('edition', '2'), ('previous_seq', '1');
		insert into previous_value select code, annee, trimestre, region, sexe, valeur from valeurs;
		update previous_value set value = 40 where code = '1.1' and year = 2020 and sex = 'T' and quarter = 1 and region is null`); err != nil {
		t.Fatal(err)
	}
	derive(t, db)
	got := ask(t, db, `select regle, membre, code, periode, region from anomalies
		where regle in ('quality.far_from_own_past', 'quality.jump_between_editions', 'quality.service_before_birth') order by all`)
	want := []string{
		"quality.far_from_own_past - 2.5 2020 04", "quality.far_from_own_past - 2.5 2020 -", "quality.jump_between_editions - 1.1 2020-T1 -",
		"quality.service_before_birth EN - 2020 04",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// From the list to the published figure every step is counted, and the steps add up.
func TestBridge(t *testing.T) {
	db := build(t, `
EN 2020-T1 04 id=one structure=a covers BOURSE
  a F BOURSE 2020-02-01
  a F BOURSE 2020-02-10
  b F BOURSE 2020-02-01
  c H BOURSE 2020-05-01
  declared 1.8 F=4 H=0 T=4
EN 2020-T1 04 id=two structure=b covers BOURSE
  a F BOURSE 2020-03-01
  d F BOURSE 2020-03-01
  d F BOURSE 2020-03-02
AMAPPE 2020 04 id=three covers BOURSE
  d F BOURSE 2020-01-02
  declared 1.8 F=1 H=0 T=1
`)
	got := ask(t, db, `select membre, sexe, declare, lignes, doublons_fichier, doublons_entre_fichiers, nominatif, deja_comptees, publie, hors_periode
		from rapprochements where (membre, periode) in (('EN', '2020-T1'), ('AMAPPE', '2020')) and sexe in ('F', 'T') order by all`)
	want := []string{
		"AMAPPE F 1 1 0 0 1 1 0 -", "AMAPPE T 1 1 0 0 1 1 0 0",
		"EN F 4 3 1 0 2 0 2 -", "EN T 4 3 1 0 2 0 2 1",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Issues are published by their title; the value read never is.
func TestAnomaliesHoldNoValue(t *testing.T) {
	db := laid(t)
	tell("EN 2020 04 id=one\nEN 2020 04 id=old status=remplacee").fill(t, db)
	if err := db.Exec(context.Background(), `insert into issue values
		('one', 2, 'date.unreadable', 'erreur', 'Accueil', 'C14', 14, 'Date', 'Fatou Diallo', '{"value": "Fatou Diallo"}'),
		('one', 1, 'unknown.rule', 'bloquant', null, null, null, null, 'Fatou Diallo', null),
		('old', 1, 'date.unreadable', 'erreur', 'Accueil', 'C14', 14, 'Date', 'Fatou Diallo', null)`); err != nil {
		t.Fatal(err)
	}
	derive(t, db)
	got := ask(t, db, "select columns(*)::varchar from anomalies")
	want := []string{
		"1 unknown.rule bloquant EN one - - - 2020 - unknown.rule unknown.rule",
		"2 date.unreadable erreur EN one Accueil C14 - 2020 - Date illisible تاريخ غير مقروء",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What changed since the edition in place, because of what came since.
func TestRevisions(t *testing.T) {
	db := laid(t)
	tell(`
EN 2020-T1 04 id=one structure=a covers ACCUEIL
  a F ACCUEIL 2020-02-01
EN 2020-T1 04 id=two structure=b covers ACCUEIL
  b F ACCUEIL 2020-02-01
`).fill(t, db)
	revisions := func() []string {
		derive(t, db)
		return ask(t, db, `select edition, publie_le::varchar, code, annee, trimestre, region, sexe, valeur_avant, valeur_apres, cause
			from revisions where sexe in ('H', 'T')`)
	}
	run := func(query string) {
		t.Helper()
		if err := db.Exec(context.Background(), query); err != nil {
			t.Fatal(err)
		}
	}
	run(`insert into setting values ('edition', '2'), ('previous_seq', '1')`)
	if got := revisions(); len(got) > 0 {
		t.Errorf("nothing was published before, yet: %v", got)
	}
	run(`insert into previous_value select code, annee, trimestre, region, sexe, valeur from valeurs;
		update previous_value set value = 1 where code = '1.1' and year = 2020 and sex = 'T' and quarter = 1 and region is null;
		insert into revision_log values (1, '2020-05-01', '1.1', 2020, null, null, 'T', null, 1, 'zero')`)
	want := []string{"1 2020-05-01 1.1 2020 - - T - 1 zero", "2 2021-02-01 1.1 2020 1 - T 1 2 two"}
	if d := cmp.Diff(want, revisions()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The dictionary speaks of every column that exists, and of no other.
func TestDictionary(t *testing.T) {
	db := build(t, "")
	got := ask(t, db, `select d."table", d.colonne from dictionnaire d
		full join (select table_name, column_name, data_type from duckdb_columns() where table_name in (select "table" from dictionnaire)) c
		on c.table_name = d."table" and c.column_name = d.colonne and c.data_type = d.type
		where d.colonne is not null and (c.column_name is null or d.colonne is null)`)
	if len(got) > 0 {
		t.Errorf("the dictionary and the tables differ: %v", got)
	}
	var tables []string
	for _, table := range project(t).Published() {
		tables = append(tables, table.Name)
	}
	contract := strings.Fields(`activites anomalies cibles completude dictionnaire executions indicateurs provenance
		rapprochements referencements revisions soumissions tableau_de_suivi valeurs`)
	for _, name := range contract {
		if !strings.Contains(" "+strings.Join(tables, " ")+" ", " "+name+" ") {
			t.Errorf("the contract promises a table %s", name)
		}
	}
}

// An empty warehouse still publishes the catalogue and one row an indicator and
// year.
func TestNobodyReported(t *testing.T) {
	db := build(t, "")
	got := ask(t, db, `select count(*), count(valeur_annee) from tableau_de_suivi where annee = 2020 and sexe = 'T'`)
	if d := cmp.Diff([]string{"25 0"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A structure is recognised by its key, as the readings fold it.
func TestCompletenessFoldsStructures(t *testing.T) {
	db := laid(t)
	labels := []string{"CFA Hay-Salam", "CEF d’Aïn Chock (annexe)", "N'Guessan", "Délégation  de Salé", "مركز حي السلام"}
	for i, label := range labels {
		w := tell(fmt.Sprintf("EN 2020-T%d 04 received=2020-01-01", i%4+1))
		w.fill(t, db)
		id := fmt.Sprint(i)
		if err := db.Exec(context.Background(), `update submission set submission_id = ?, structure = null, structure_key = ? where submission_id = '0000000000000001'`,
			id, fold.Key(label)); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(context.Background(), "insert into expected values ('EN', ?, 2020, ?, '2020-04-15')", label, i%4+1); err != nil {
			t.Fatal(err)
		}
	}
	derive(t, db)
	if got := ask(t, db, "select structure from completude where statut <> 'a_temps'"); len(got) > 0 {
		t.Errorf("not recognised: %v", got)
	}
}
