package disclose

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"

	"cp3/pipeline"
)

// Source gives the rows of published tables, in their order.
type Source interface {
	Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error]
}

// table is a published table read whole: small, by nature.
type table struct {
	pipeline.Table
	rows [][]any
	at   map[string]int // column -> position
}

// Read reads the published tables the package knows; those that aren't published
// are absent.
func Read(ctx context.Context, src Source, tables []pipeline.Table) (Published, error) {
	all := Published{}
	for _, t := range tables {
		if !slices.Contains(known, t.Name) {
			continue
		}
		one := &table{Table: t, at: map[string]int{}}
		var columns []string
		for i, c := range t.Columns {
			one.at[c.Name] = i
			columns = append(columns, c.Name)
		}
		for _, name := range needed[t.Name] {
			if _, has := one.at[name]; !has {
				return nil, fmt.Errorf("disclosure: table %s: no column %s", t.Name, name)
			}
		}
		for row, err := range src.Rows(ctx, t.From(), columns) {
			if err != nil {
				return nil, fmt.Errorf("disclosure: %w", err)
			}
			one.rows = append(one.rows, slices.Clone(row))
		}
		all[t.Name] = one
	}
	return all, nil
}

// known are the tables that may go to the public, as they are or masked.
var known = []string{"indicateurs", "cibles", "valeurs", "tableau_de_suivi", "activites", "referencements", "completude", "executions"}

// needed are the columns the rules work on.
var needed = map[string][]string{
	"indicateurs":      {"code", "calcul", "mesure", "services_numerateur", "services_denominateur"},
	"valeurs":          {"code", "annee", "trimestre", "region", "sexe", "valeur", "numerateur", "denominateur", "valeur_declaree", "ecart", "drapeaux"},
	"tableau_de_suivi": {"code", "annee", "sexe", "valeur_annee", "valeur_annee_precedente", "taux_realisation", "statut", "drapeaux"},
	"activites":        {"service", "membre", "region", "annee", "trimestre", "sexe", "nationalite", "tranche_age", "statut_administratif", "personnes"},
	"referencements":   {"membre_origine", "membre_destination", "annee", "trimestre", "region", "sexe", "referees", "prises_en_charge", "delai_median_jours"},
}

// text is a key as text; NULL is what absent says.
func (t *table) text(row []any, column, absent string) string {
	switch v := row[t.at[column]].(type) {
	case nil:
		return absent
	case string:
		if v == "" {
			return absent
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	default:
		return fmt.Sprint(v)
	}
}

// count is a count; reported is false for NULL.
func (t *table) count(row []any, column string) (n int64, reported bool) {
	switch v := row[t.at[column]].(type) {
	case int64:
		return v, true
	case float64:
		return int64(math.Round(v)), true
	}
	return 0, false
}

// total is the key of a cell: NULL and T stand for all.
func (t *table) total(row []any, column string) string {
	if s := t.text(row, column, all); s != string(pipeline.Total) {
		return s
	}
	return all
}

// cell is the keys of a row of a table broken down like valeurs.
func (t *table) cell(row []any) keys {
	return keys{t.text(row, "annee", ""), t.total(row, "trimestre"), t.total(row, "region"), t.total(row, "sexe"), all}
}
