package disclose

import (
	"strconv"

	"cp3/pipeline"
)

// mask says which figures a published cell tells of: it is shown only if all of
// them are.
type mask struct {
	row    int
	column string
	of     []cellOf
}

// masked is a table with the masks of its cells.
type masked struct {
	*table
	masks  []mask
	sparse bool // it has rows only where somebody was counted
}

// hides notes that a cell of a row tells of figures.
func (m *masked) hides(row int, column string, of ...cellOf) {
	m.masks = append(m.masks, mask{row, column, of})
}

// measure is what an indicator counts and how.
type measure struct {
	persons                bool
	rate                   bool
	numerator, denominator basis
}

// rules enters what the published tables say about persons into figures, and which
// cells say it.
type rules struct {
	*figures
	measures map[string]measure
	tables   []*masked
}

// The axes of activites' public form.
var axes = [...]string{"membre", "nationalite", "tranche_age", "statut_administratif"}

func newRules(tables map[string]*table) *rules {
	r := &rules{figures: newFigures(axes[:]...), measures: map[string]measure{}}
	if t := tables["indicateurs"]; t != nil {
		for _, row := range t.rows {
			r.measures[t.text(row, "code", "")] = measure{
				persons: t.text(row, "mesure", "") == "personnes", rate: t.text(row, "calcul", "") != "compte",
				numerator: basisOf(t.text(row, "services_numerateur", "")), denominator: basisOf(t.text(row, "services_denominateur", "")),
			}
		}
	}
	// In this order: the follow-up table tells of what valeurs counts.
	for _, one := range []struct {
		name  string
		enter func(*masked)
	}{{"valeurs", r.values}, {"tableau_de_suivi", r.followUp}, {"referencements", r.referrals}} {
		if t := tables[one.name]; t != nil {
			m := &masked{table: t}
			one.enter(m)
			r.tables = append(r.tables, m)
		}
	}
	if t := tables["activites"]; t != nil {
		m := &masked{table: rolled(t), sparse: true}
		r.activity(m)
		r.tables = append(r.tables, m)
	}
	r.identify()
	r.nest()
	for _, m := range r.tables {
		for _, one := range m.masks {
			for _, c := range one.of {
				r.printed(c)
			}
		}
	}
	return r
}

// The series of an indicator.
func counted(code string) string     { return "valeur " + code }
func numerator(code string) string   { return "numerateur " + code }
func denominator(code string) string { return "denominateur " + code }
func declared(code string) string    { return "declaree " + code }

// The series of a service.
const activityMark = "activite "

func activity(service string) string { return activityMark + service }

// values: a count is its own figure; a rate tells of its numerator and its
// denominator, even by its rounding. What members declare is hidden with what was
// counted, being nearly the same, and the gap between them tells of both.
func (r *rules) values(m *masked) {
	for n, row := range m.rows {
		code := m.text(row, "code", "")
		is := r.measures[code]
		if !is.persons {
			continue
		}
		var of []cellOf
		if is.rate {
			of = r.rateCell(m, n, row, code, m.cell(row))
			r.also(m, n, row, of, "valeur", "valeur_declaree")
		} else {
			of = r.countCell(m, n, row, code, m.cell(row))
		}
		r.also(m, n, row, of, "ecart", "drapeaux")
	}
}

// also hides columns that tell of several figures.
func (r *rules) also(m *masked, n int, row []any, of []cellOf, columns ...string) {
	for _, column := range columns {
		if len(of) > 0 && row[m.at[column]] != nil {
			m.hides(n, column, of...)
		}
	}
}

// countCell enters a count, its part that comes from lists, and what is declared.
func (r *rules) countCell(m *masked, n int, row []any, code string, k keys) (of []cellOf) {
	for _, part := range []struct{ column, series string }{{"valeur", counted(code)}, {"numerateur", numerator(code)}, {"valeur_declaree", declared(code)}} {
		if v, reported := m.count(row, part.column); reported {
			c := r.count(part.series, k, v)
			m.hides(n, part.column, c)
			of = append(of, c)
		}
	}
	r.together(numerator(code), counted(code))
	r.together(declared(code), counted(code))
	return of
}

// rateCell enters the numerator and the denominator of a rate.
func (r *rules) rateCell(m *masked, n int, row []any, code string, k keys) (of []cellOf) {
	for _, part := range []struct{ column, series string }{{"numerateur", numerator(code)}, {"denominateur", denominator(code)}} {
		if v, reported := m.count(row, part.column); reported {
			c := r.count(part.series, k, v)
			m.hides(n, part.column, c)
			of = append(of, c)
		}
	}
	r.within(numerator(code), denominator(code))
	return of
}

// followUp repeats the nation's values of a year and of the year before, and
// compares them with public targets.
func (r *rules) followUp(m *masked) {
	for n, row := range m.rows {
		code := m.text(row, "code", "")
		if !r.measures[code].persons {
			continue
		}
		k := keys{m.text(row, "annee", ""), all, all, m.total(row, "sexe"), all}
		r.also(m, n, row, r.behind(code, k), "valeur_annee", "taux_realisation", "statut", "drapeaux")
		r.also(m, n, row, r.behind(code, k.before(1)), "valeur_annee_precedente")
	}
}

// behind are the figures a value tells of, as valeurs has them.
func (r *rules) behind(code string, k keys) (of []cellOf) {
	names := []string{counted(code)}
	if r.measures[code].rate {
		names = []string{numerator(code), denominator(code)}
	}
	for _, name := range names {
		if s := r.series[name]; s != nil {
			if _, has := s.cells[k]; has {
				of = append(of, cellOf{name, k})
			}
		}
	}
	return of
}

// referrals: those served are among those referred, and the delay is theirs.
func (r *rules) referrals(m *masked) {
	for n, row := range m.rows {
		k := m.cell(row)
		way := m.text(row, "membre_origine", "") + " " + m.text(row, "membre_destination", "")
		if v, reported := m.count(row, "referees"); reported {
			m.hides(n, "referees", r.count("referees "+way, k, v))
		}
		if v, reported := m.count(row, "prises_en_charge"); reported {
			c := r.count("prises_en_charge "+way, k, v)
			m.hides(n, "prises_en_charge", c)
			if row[m.at["delai_median_jours"]] != nil {
				m.hides(n, "delai_median_jours", c)
			}
		}
		r.within("prises_en_charge "+way, "referees "+way)
	}
}

// unknown stands for what nobody declared.
const unknown = string(pipeline.NotDeclared)

// rolled is activites for the public: persons by service and year, in total and
// along one or two dimensions at a time. The cells of the table itself, of one or
// two persons each, would all be hidden.
func rolled(t *table) *table {
	sums := newRolledSums()
	for _, row := range t.rows {
		persons, reported := t.count(row, "personnes")
		if !reported || t.text(row, "sexe", "") == "" { // companies
			continue
		}
		sums.add(t, row, persons)
	}
	return rolledRows(sums.figures())
}

// activity enters the rolled table.
func (r *rules) activity(m *masked) {
	for n, row := range m.rows {
		k := m.cell(row)
		for _, axis := range axes {
			if v := m.text(row, axis, string(pipeline.Total)); v != string(pipeline.Total) {
				k[other] = axis + "=" + v
			}
		}
		v, _ := m.count(row, "personnes")
		m.hides(n, "personnes", r.count(activity(m.text(row, "service", "")), k, v))
	}
}

func yearOf(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return nil
}
