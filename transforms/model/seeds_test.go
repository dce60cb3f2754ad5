package model_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	cp3sql "cp3/sql"
)

// The catalogue says what the results report says: labels, baselines, last year's
// values, targets; an empty cell of the report stays empty.
func TestSeedsRepeatTheReport(t *testing.T) {
	f, err := os.Open("testdata/indicateurs_2020.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	var want []string
	for _, line := range lines[1:] {
		row := ""
		for _, name := range []string{"code", "code_complet", "libelle", "unite", "sexe", "valeur_base", "valeur_2019", "cible_2020", "cible_finale"} {
			cell := line[column[name]]
			if n, err := strconv.ParseFloat(cell, 64); err == nil && name != "code" {
				cell = strconv.FormatFloat(n, 'g', -1, 64)
			}
			row += cell + "|"
		}
		want = append(want, row)
	}
	got := ask(t, laid(t), `
		select concat_ws('', i.code || '|', i.code_complet || '|', i.libelle || '|', i.unite || '|', i.desagrege_sexe || '|',
			coalesce(printf('%g', i.valeur_base::double), '') || '|', coalesce(printf('%g', r.valeur::double), '') || '|',
			coalesce(printf('%g', c.cible::double), '') || '|', coalesce(printf('%g', i.cible_finale::double), '') || '|')
		from seed_indicateurs i
		left join seed_cibles c on c.code = i.code and c.annee = '2020'
		left join seed_valeurs_reference r on r.code = i.code and r.annee = '2019' and r.sexe = 'T'
		order by i.ordre::integer`)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-report +seeds):\n%s", d)
	}
}

// No value of the reporting year is written anywhere in the seeds: those are
// computed.
func TestSeedsHoldNoResult(t *testing.T) {
	if got := ask(t, laid(t), "select code, annee from seed_valeurs_reference where annee <> '2019'"); len(got) > 0 {
		t.Errorf("reference values of a year that is computed: %v", got)
	}
}

// Each indicator of the catalogue has its file, which speaks of it alone.
func TestEveryIndicatorHasItsFile(t *testing.T) {
	files, err := fs.Glob(cp3sql.Files, "marts/indicators/ind_*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var got []string
	for _, file := range files {
		text, err := fs.ReadFile(cp3sql.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^select '(.*)' as code, \* from final$`).FindAllSubmatch(text, -1) {
			got = append(got, file+" "+string(m[1]))
		}
	}
	want := ask(t, laid(t), `select 'marts/indicators/ind_' || replace(lower(code), '.', '_') || '.sql ' || code from seed_indicateurs order by 1`)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-catalogue +files):\n%s", d)
	}
}

// Arabic texts are in Arabic, and say as much as the French ones.
func TestSeedsSpeakArabic(t *testing.T) {
	db := laid(t)
	for _, pair := range [][2]string{{"libelle", "libelle_ar"}, {"definition", "definition_ar"}, {"numerateur", "numerateur_ar"}, {"denominateur", "denominateur_ar"}} {
		if got := ask(t, db, "select code from seed_indicateurs where ("+pair[0]+" is null) <> ("+pair[1]+" is null)"); len(got) > 0 {
			t.Errorf("%s without %s, or the reverse: %v", pair[0], pair[1], got)
		}
		for _, text := range ask(t, db, "select "+pair[1]+" from seed_indicateurs where "+pair[1]+" is not null") {
			arabic, latin := 0, 0
			for _, c := range text {
				switch {
				case unicode.Is(unicode.Arabic, c):
					arabic++
				case unicode.Is(unicode.Latin, c):
					latin++
				}
			}
			if latin*4 > arabic {
				t.Errorf("%s is hardly Arabic: %s", pair[1], text)
			}
		}
	}
}
