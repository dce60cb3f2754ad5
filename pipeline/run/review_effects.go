package run

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/store"
	"cp3/sql"
	"cp3/transforms/model"
)

// Moved is one published figure that the other answer to a question would change.
type Moved struct {
	Code    string   `json:"code"`
	Label   string   `json:"libelle"`
	Unit    string   `json:"unite"`
	Year    int      `json:"annee"`
	Quarter int      `json:"trimestre,omitempty"`
	Region  string   `json:"region,omitempty"`
	Sex     string   `json:"sexe"`
	Now     *float64 `json:"valeur"`
	Else    *float64 `json:"autrement"`

	order int
}

// whole reports whether it is a figure of the nation and the whole year.
func (m Moved) whole() bool { return m.Quarter == 0 && m.Region == "" }

// Stake is how far one national figure could move if every question about it were
// answered otherwise, each way.
type Stake struct {
	Code  string   `json:"code"`
	Label string   `json:"libelle"`
	Unit  string   `json:"unite"`
	Year  int      `json:"annee"`
	Now   *float64 `json:"valeur"`
	Low   float64  `json:"au_moins"`
	High  float64  `json:"au_plus"`
	Pairs int      `json:"paires"`

	order int
}

// stake ranks a question: how much, in parts of what is published, national
// figures of whole years would move.
func (p Pair) stake() float64 {
	sum := 0.0
	for _, m := range p.Effects {
		if m.whole() && m.Sex == string(pipeline.Total) {
			sum += math.Abs(m.shift()) / max(1, math.Abs(valueOf(m.Now)))
		}
	}
	return sum
}

func (m Moved) shift() float64 { return valueOf(m.Else) - valueOf(m.Now) }

func valueOf(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// stakes adds up what undecided questions could move.
func stakes(pairs []Pair) []Stake {
	type cell struct {
		code string
		year int
	}
	at := map[cell]*Stake{}
	for _, p := range pairs {
		if p.Answer != nil {
			continue
		}
		for _, m := range p.Effects {
			if !m.whole() || m.Sex != string(pipeline.Total) {
				continue
			}
			s := at[cell{m.Code, m.Year}]
			if s == nil {
				s = &Stake{Code: m.Code, Label: m.Label, Unit: m.Unit, Year: m.Year, Now: m.Now, Low: valueOf(m.Now), High: valueOf(m.Now), order: m.order}
				at[cell{m.Code, m.Year}] = s
			}
			s.Pairs++
			s.Low += min(0, m.shift())
			s.High += max(0, m.shift())
		}
	}
	all := []Stake{}
	for _, s := range at {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Stake) int { return cmp.Or(a.order-b.order, a.Year-b.Year) })
	return all
}

// effects finds, for each question, the published figures that the other answer
// would change. Persons count by what they themselves did, so that it is enough to
// derive the contributions of the persons asked about, as they are counted now and
// as they would be: the same SQL that makes the figures, on a small world.
func (s *study) effects(ctx context.Context, pairs []*Pair) error {
	project, err := model.Load(sql.Files)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	if err := s.layHypotheses(ctx, pairs); err != nil {
		return fmt.Errorf("review: %w", err)
	}
	if err := project.BuildPart(ctx, s.db.Conn(), func(table string) error { return s.layPart(ctx, table) }, "indicators"); err != nil {
		return fmt.Errorf("review: %w", err)
	}
	byPair, err := s.readEffects(ctx)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	for n, p := range pairs {
		p.Effects = byPair[n]
		if p.Effects == nil {
			p.Effects = []Moved{}
		}
	}
	return s.db.Exec(ctx, "use kept")
}

// Hypotheses on a question.
const (
	asItIs    = "now"
	otherwise = "else"
)

// layHypotheses makes persons of each question: those that are, and those that
// would be. A mention belongs to one of each.
func (s *study) layHypotheses(ctx context.Context, pairs []*Pair) error {
	person, err := s.idsOf(ctx)
	if err != nil {
		return err
	}
	mentions := map[string][]string{}
	for _, m := range slices.Sorted(maps.Keys(person)) {
		mentions[person[m]] = append(mentions[person[m]], m)
	}
	for _, q := range []string{"use memory", "create or replace table hypothesis (question integer, kind varchar, person_id varchar)",
		"create or replace table person_mention (mention_id varchar, person_id varchar)"} {
		if err := s.db.Exec(ctx, q); err != nil {
			return err
		}
	}
	var units, members [][]driver.Value
	for n, p := range pairs {
		concerned := map[string]bool{}
		for _, m := range slices.Concat(p.partA, p.partB) {
			concerned[person[m]] = true
		}
		known := map[string]bool{}
		add := func(kind, who, mention string) {
			unit := fmt.Sprintf("%d/%s/%s", n, kind, who)
			if !known[unit] {
				known[unit] = true
				units = append(units, []driver.Value{int32(n), kind, unit})
			}
			members = append(members, []driver.Value{mention, unit})
		}
		for _, id := range slices.Sorted(maps.Keys(concerned)) {
			for _, m := range mentions[id] {
				add(asItIs, id, m)
				add(otherwise, p.otherwise(id, m), m)
			}
		}
	}
	if _, err := s.db.Append(ctx, "hypothesis", nil, slices.Values(units)); err != nil {
		return err
	}
	_, err = s.db.Append(ctx, "person_mention", nil, slices.Values(members))
	return err
}

// otherwise is whom a mention would be of, under the answer that does not hold now.
func (p *Pair) otherwise(id, mention string) string {
	switch {
	case slices.Contains(p.partA, mention):
		return "A"
	case !slices.Contains(p.partB, mention):
		return id
	case p.Merged:
		return "B"
	}
	return "A"
}

func (s *study) idsOf(ctx context.Context) (map[string]string, error) {
	found, err := s.db.Conn().QueryContext(ctx, "select mention_id, person_id from kept.main.person_mention")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	ids := map[string]string{}
	for found.Next() {
		var mention, id string
		if err := found.Scan(&mention, &id); err != nil {
			return nil, err
		}
		ids[mention] = id
	}
	return ids, found.Err()
}

// layPart copies a table the derivation reads; of persons, only those asked about.
func (s *study) layPart(ctx context.Context, table string) error {
	if table == "person_mention" {
		return nil // the hypotheses
	}
	where := ""
	if table == "mention" || table == "service" {
		where = " where mention_id in (select mention_id from person_mention)"
	}
	return s.db.Exec(ctx, fmt.Sprintf("create or replace table %[1]s as select * from kept.main.%[1]s%[2]s", store.Ident(table), where))
}

// readEffects compares the contributions under both hypotheses in every published
// cell, as sql/core/measure.sql adds them up.
func (s *study) readEffects(ctx context.Context) (map[int][]Moved, error) {
	found, err := s.db.Conn().QueryContext(ctx, `
		with unit as (
			select h.question, h.kind, i.code, i.annee, i.trimestre, i.region, coalesce(i.sexe, 'T') as sexe, i.unit,
				arg_max(i.weight, coalesce(i.trimestre, 5)) filter (where i.role = 'N') as n,
				arg_max(i.weight, coalesce(i.trimestre, 5)) filter (where i.role = 'D') as d
			from indicators i join hypothesis h on h.person_id = i.unit
			where i.role in ('N', 'D')
			group by h.question, h.kind, i.code, i.annee, i.unit, cube (i.trimestre, i.region, i.sexe)
			having (grouping(i.trimestre) = 1 or i.trimestre is not null)
				and (grouping(i.region) = 1 or i.region is not null)
				and (grouping(i.sexe) = 1 or i.sexe <> 'T')
		),
		shift as (
			select question, code, annee, trimestre, region, sexe,
				coalesce(sum(n) filter (where kind = 'else'), 0) - coalesce(sum(n) filter (where kind = 'now'), 0) as n,
				coalesce(sum(d) filter (where kind = 'else'), 0) - coalesce(sum(d) filter (where kind = 'now'), 0) as d
			from unit group by all having n <> 0 or d <> 0
		),
		moved as (
			select s.*, i.ordre, i.libelle, i.unite, v.valeur,
				case i.calcul when 'compte' then v.numerateur + s.n
					when 'taux' then round(100 * (v.numerateur + s.n) / nullif(v.denominateur + s.d, 0), 1)
					else round((v.numerateur + s.n) / nullif(v.denominateur + s.d, 0), 1) end as autrement
			from shift s
			join kept.main.valeurs v on v.code = s.code and v.annee = s.annee and v.sexe = s.sexe
				and v.trimestre is not distinct from s.trimestre and v.region is not distinct from s.region
			join kept.main.stg_indicator i on i.code = s.code
			where v.origine = 'nominative'
		)
		select question, code, libelle, unite, annee, coalesce(trimestre, 0), coalesce(region, ''), sexe, valeur, autrement, ordre
		from moved where valeur is distinct from autrement
		order by question, ordre, annee, trimestre nulls first, region nulls first, array_position(['T', 'F', 'H', 'ND'], sexe)`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	all := map[int][]Moved{}
	for found.Next() {
		var n int
		var m Moved
		if err := found.Scan(&n, &m.Code, &m.Label, &m.Unit, &m.Year, &m.Quarter, &m.Region, &m.Sex, &m.Now, &m.Else, &m.order); err != nil {
			return nil, err
		}
		all[n] = append(all[n], m)
	}
	return all, found.Err()
}

// Text is the figure in one line: «1.1 2020: 285 -> 284»; with its sex when it
// isn't the total.
func (m Moved) Text(figure func(*float64, string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", m.Code, m.Year)
	if m.Sex != string(pipeline.Total) {
		b.WriteString(" " + m.Sex)
	}
	fmt.Fprintf(&b, " : %s → %s", figure(m.Now, m.Unit), figure(m.Else, m.Unit))
	return b.String()
}
