package suivi

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"cp3/pipeline"
)

// Source gives the rows of published tables, in their order.
type Source interface {
	Rows(ctx context.Context, relation string, columns []string) iter.Seq2[[]any, error]
}

// Read reads from the published tables what the workbooks show. The follow-up
// table and the indicators are needed; of the others, those that are published
// are used.
func Read(ctx context.Context, src Source, tables []pipeline.Table) (Data, error) {
	r := reader{ctx: ctx, src: src, tables: map[string]pipeline.Table{}}
	for _, t := range tables {
		r.tables[t.Name] = t
	}
	d := Data{lines: map[lineKey]line{}, values: map[valueKey]value{}}
	r.indicators(&d)
	r.lines(&d)
	r.values(&d)
	r.completeness(&d)
	r.submissions(&d)
	r.anomalies(&d)
	r.gaps(&d)
	r.revisions(&d)
	if r.err != nil {
		return Data{}, fmt.Errorf("follow-up workbook: %w", r.err)
	}
	return d, nil
}

// Publishable reports whether tables hold what [Read] needs.
func Publishable(tables []pipeline.Table) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(tables, func(t pipeline.Table) bool { return t.Name == name })
	}
	return has("indicateurs") && has("tableau_de_suivi")
}

// reader reads one table after the other and keeps the first error.
type reader struct {
	ctx    context.Context
	src    Source
	tables map[string]pipeline.Table
	err    error
}

// each calls f with every row of a table, if it is published. Columns the table
// doesn't declare are read as NULL when they are marked optional by a "?".
func (r *reader) each(table string, columns string, f func(row)) {
	t, published := r.tables[table]
	if r.err != nil || !published {
		return
	}
	wanted := strings.Fields(columns)
	var ask []string
	at := make([]int, len(wanted))
	for i, name := range wanted {
		name, optional := strings.CutSuffix(name, "?")
		declared := slices.ContainsFunc(t.Columns, func(c pipeline.Column) bool { return c.Name == name })
		switch {
		case declared:
			at[i] = len(ask)
			ask = append(ask, name)
		case optional:
			at[i] = -1
		default:
			r.err = fmt.Errorf("table %s: no column %s", table, name)
			return
		}
	}
	for values, err := range r.src.Rows(r.ctx, t.From(), ask) {
		if err != nil {
			r.err = err
			return
		}
		f(row{values, at})
	}
}

// row gives a row's values their Go types; NULL is the zero value.
type row struct {
	values []any
	at     []int
}

func (r row) any(i int) any {
	if r.at[i] < 0 {
		return nil
	}
	return r.values[r.at[i]]
}

func (r row) text(i int) string {
	switch v := r.any(i).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (r row) number(i int) *float64 {
	switch v := r.any(i).(type) {
	case int64:
		f := float64(v)
		return &f
	case float64:
		return &v
	}
	return nil
}

func (r row) whole(i int) int64 {
	if f := r.number(i); f != nil {
		return int64(*f)
	}
	return 0
}

func (r row) sex(i int) pipeline.Sex { return pipeline.Sex(r.text(i)) }

func (r row) yes(i int) bool {
	switch v := r.any(i).(type) {
	case bool:
		return v
	case string:
		return v == "oui" || v == "true"
	}
	return false
}

func (r row) time(i int) time.Time {
	t, _ := r.any(i).(time.Time)
	return t
}

// list reads a list of codes, or a text that separates them.
func (r row) list(i int) []string {
	if values, ok := r.any(i).([]any); ok {
		var list []string
		for _, v := range values {
			list = append(list, fmt.Sprint(v))
		}
		return list
	}
	return strings.FieldsFunc(r.text(i), func(c rune) bool { return strings.ContainsRune(",; |[]", c) })
}

func (r *reader) indicators(d *Data) {
	r.each("indicateurs", "code resultat libelle libelle_ar? unite desagrege_sexe definition? numerateur? denominateur? sources? ordre?", func(w row) {
		d.indicators = append(d.indicators, indicator{
			rank: w.whole(10), code: w.text(0), result: w.text(1), label: w.text(2), labelAR: w.text(3), unit: w.text(4),
			bySex: w.yes(5), definition: w.text(6), numerator: w.text(7), denominator: w.text(8), sources: w.text(9),
		})
	})
	slices.SortStableFunc(d.indicators, func(a, b indicator) int { return cmp.Compare(a.rank, b.rank) })
}

func (r *reader) lines(d *Data) {
	r.each("tableau_de_suivi", "code annee sexe valeur_base valeur_annee_precedente valeur_annee cible_annee cible_finale taux_realisation statut", func(w row) {
		d.lines[lineKey{w.text(0), int(w.whole(1)), w.sex(2)}] = line{
			base: w.number(3), previous: w.number(4), current: w.number(5), target: w.number(6), final: w.number(7),
			rate: w.number(8), status: w.text(9),
		}
	})
}

func (r *reader) values(d *Data) {
	r.each("valeurs", "code annee trimestre region sexe valeur numerateur? denominateur? valeur_declaree? origine? drapeaux?", func(w row) {
		k := valueKey{w.text(0), int(w.whole(1)), int(w.whole(2)), w.text(3), w.sex(4)}
		d.values[k] = value{
			value: w.number(5), numerator: w.number(6), denominator: w.number(7), declared: w.number(8), origin: w.text(9), flags: w.list(10),
		}
	})
}

func (r *reader) completeness(d *Data) {
	r.each("completude", "membre structure periode attendu_le recu_le statut", func(w row) {
		d.complete = append(d.complete, expected{
			member: w.text(0), structure: w.text(1), period: w.text(2), due: w.time(3), received: w.time(4), status: w.text(5),
		})
	})
}

func (r *reader) submissions(d *Data) {
	r.each("soumissions", "membre structure periode nom_fichier recu_le statut lignes_lues lignes_retenues lignes_refusees soumission?", func(w row) {
		d.received = append(d.received, submission{
			member: w.text(0), structure: w.text(1), period: w.text(2), file: w.text(3), received: w.time(4), status: w.text(5),
			read: w.whole(6), kept: w.whole(7), refused: w.whole(8), id: w.text(9),
		})
	})
}

func (r *reader) anomalies(d *Data) {
	r.each("anomalies", "regle gravite membre feuille cellule message periode?", func(w row) {
		d.anomalies = append(d.anomalies, anomaly{
			rule: w.text(0), severity: w.text(1), member: w.text(2), sheet: w.text(3), cell: w.text(4), message: w.text(5), period: w.text(6),
		})
	})
}

func (r *reader) gaps(d *Data) {
	r.each("rapprochements", "membre code periode sexe declare nominatif ecart lignes? doublons_fichier? doublons_entre_fichiers? deja_comptees? publie?", func(w row) {
		d.gaps = append(d.gaps, gap{
			member: w.text(0), code: w.text(1), period: w.text(2), sex: w.sex(3), declared: w.number(4), listed: w.number(5), distance: w.number(6),
			rows: w.number(7), repeated: w.number(8), again: w.number(9), elsewhere: w.number(10), published: w.number(11),
		})
	})
}

func (r *reader) revisions(d *Data) {
	_, d.revised = r.tables["revisions"]
	r.each("revisions", "code annee trimestre region sexe publie_le valeur_avant valeur_apres cause edition?", func(w row) {
		d.revisions = append(d.revisions, revision{
			code: w.text(0), year: int(w.whole(1)), quarter: int(w.whole(2)), region: w.text(3), sex: w.sex(4), published: w.time(5),
			before: w.number(6), after: w.number(7), causes: w.list(8), edition: int(w.whole(9)),
		})
	})
}
