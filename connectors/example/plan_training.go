package example

import (
	"fmt"
	"slices"

	"cp3/pipeline"
)

// planner carries the groups of persons from one chapter of the plan to the
// next: who was trained decides who can be referred, who was referred decides
// who is supported.
type planner struct {
	d    *draw
	pop  *population
	plan *Plan

	cohort    []*Person // enrolled in 2019: 68
	completed []*Person // of the cohort, passed in 2020: 28
	enrolled  []*Person // enrolled in 2020 in targeted centres, for the first time: 179
	elsewhere []*Person // enrolled in 2020 in other centres of EN: 45
	trainees  []*Person // only known to OFPPT so far
	referred  []*Person // referred by EN to ANAPEC in 2020: 30
	walkIns   []*Person // only received so far
	early     *Person   // created a business before completing the training
	centreOf  map[*Person]*Place
	since     map[*Person]pipeline.Date // when EN met the person
}

// Seed is the one of the shipped example.
const Seed = 2020

// NewPlan makes the example's world from a seed.
func NewPlan(seed uint64) *Plan {
	d := newDraw(seed)
	p := &planner{
		d: d.fork("plan"), pop: newPopulation(d.fork("population")), plan: &Plan{},
		centreOf: map[*Person]*Place{}, since: map[*Person]pipeline.Date{},
	}
	p.cohort2019()
	p.enrolments2020()
	p.grants()
	p.ofppt()
	p.artisanat()
	p.receptions()
	p.employmentServices()
	p.plan.Strays = p.pop.group(6, 5, "Rabat", "Casablanca")
	p.plan.Companies = companies(d.fork("companies"))
	p.plan.Persons = p.pop.persons
	p.plan.Committees = committees()
	return p.plan
}

// streams of EN's centres; technical ones are those of the project's list.
var (
	enStreams        = []string{"Coiffure", "Couture", "Cuisine", "Pâtisserie", "Esthétique", "Coupe et couture", "Broderie", "Restauration"}
	enTechnical      = []string{"Électricité de bâtiment", "Informatique"}
	ofpptStreams     = []string{"Cuisine", "Coiffure", "Restauration", "Bureautique", "Commerce"}
	ofpptTechnical   = []string{"Électricité de bâtiment", "Plomberie", "Mécanique automobile", "Froid et climatisation"}
	technicalStreams = append(append([]string{}, enTechnical...), ofpptTechnical...)
)

func technicalStream(s string) bool { return slices.Contains(technicalStreams, s) }

// cohort2019 enrols 68 persons in autumn 2019; 28 pass in 2020, 12 leave.
func (p *planner) cohort2019() {
	p.cohort = append(p.pop.group(18, 8, "Rabat"), append(p.pop.group(11, 5, "Salé"), p.pop.group(17, 9, "Casablanca", "Casablanca", "Mohammedia")...)...)
	places := []*Place{akkari, haySalam, hayMohamadi}
	bounds := []int{26, 42, 68}
	for i, q := range p.cohort {
		k := 0
		for i >= bounds[k] {
			k++
		}
		p.centreOf[q] = places[k]
	}
	p.alike(Twins, p.cohort[:26], pipeline.Women)
	p.alike(Homonyms, p.cohort[42:], pipeline.Men)

	p.completed = pickSexes(p.d, p.cohort, 18, 10)
	passed := set(p.completed)
	left := 12
	for _, q := range p.cohort {
		e := Enrolment{Person: q, Place: p.centreOf[q], Date: p.d.workday(day(2019, 9, 16), day(2019, 11, 29)), Stream: pick(p.d, enStreams)}
		switch {
		case passed[q]:
			e.Result, e.End = Passed, p.d.workday(day(2020, 6, 22), day(2020, 8, 31))
		case left > 0:
			left--
			e.Result, e.End = Left, p.d.workday(day(2020, 1, 13), day(2020, 8, 28))
		default:
			e.Result = Ongoing
		}
		if q.Sex == pipeline.Men && p.d.chance(30) {
			e.Stream, e.Technical = pick(p.d, enTechnical), true
		}
		p.since[q] = e.Date
		p.plan.Enrolments = append(p.plan.Enrolments, e)
	}
}

// alike plants a pair of look-alikes among persons of one sex.
func (p *planner) alike(kind LookAlike, among []*Person, sex pipeline.Sex) {
	var free []*Person
	for _, q := range among {
		if q.Sex == sex && !q.special {
			free = append(free, q)
		}
	}
	p.plan.Pairs = append(p.plan.Pairs, p.pop.alike(kind, free[0], free[1]))
}

// enrolments2020 enrols 185 persons in targeted centres, 126 women and 59 men,
// six of whom come back from the cohort of 2019, and 45 in other centres.
func (p *planner) enrolments2020() {
	quota := []struct {
		place      *Place
		women, men int
		cities     []string
	}{
		{akkari, 38, 17, []string{"Rabat"}},
		{haySalam, 26, 12, []string{"Salé"}},
		{hayMohamadi, 40, 18, []string{"Casablanca", "Casablanca", "Mohammedia"}},
		{temara, 18, 10, []string{"Témara"}},
	}
	for _, q := range quota {
		g := p.pop.group(q.women, q.men, q.cities...)
		for _, person := range g {
			p.centreOf[person] = q.place
		}
		p.enrolled = append(p.enrolled, g...)
	}
	p.alike(Twins, p.enrolled[:55], pipeline.Women)
	p.alike(Siblings, p.enrolled[:55], pipeline.Men)
	p.alike(Siblings, p.enrolled[55:93], pipeline.Women)
	p.alike(Homonyms, p.enrolled[93:151], pipeline.Women)
	p.alike(Twins, p.enrolled[93:151], pipeline.Men)
	p.alike(Siblings, p.enrolled[151:], pipeline.Women)

	technical := map[*Person]bool{}
	for _, q := range pickSexes(p.d, p.enrolled, 3, 14) {
		technical[q] = true
	}
	for _, q := range append(p.returning(), p.enrolled...) {
		p.enrol(q, technical[q])
	}
	for _, place := range []*Place{kenitra, tanger} {
		n := map[*Place][2]int{kenitra: {16, 9}, tanger: {12, 8}}[place]
		g := p.pop.group(n[0], n[1], place.City)
		for _, q := range g {
			p.centreOf[q] = place
			p.enrol(q, false)
		}
		p.elsewhere = append(p.elsewhere, g...)
	}
}

// returning are four women and two men of the cohort who left or failed in 2020
// and enrol again.
func (p *planner) returning() []*Person {
	passed := set(p.completed)
	var rest []*Person
	for _, q := range p.cohort {
		if !passed[q] && !q.special {
			rest = append(rest, q)
		}
	}
	return pickSexes(p.d, rest, 4, 2)
}

// enrol enrols a person in 2020: few before the lockdown, most from September.
func (p *planner) enrol(q *Person, technical bool) {
	place := p.centreOf[q]
	_, again := p.since[q]
	e := Enrolment{Person: q, Place: place, Stream: pick(p.d, enStreams), Result: Ongoing}
	switch k := p.d.n(100); {
	case k < 24 && !again:
		e.Date = p.d.workday(day(2020, 1, 6), day(2020, 3, 13))
	case k < 28 && !again && !place.closed(2):
		e.Date = p.d.workday(day(2020, 6, 15), day(2020, 6, 30))
	case k < 62:
		e.Date = p.d.workday(day(2020, 9, 1), day(2020, 9, 30))
	default:
		e.Date = p.d.workday(day(2020, 10, 1), day(2020, 12, 11))
	}
	if technical {
		e.Stream, e.Technical = pick(p.d, enTechnical), true
	}
	if !again {
		p.since[q] = e.Date
	}
	p.plan.Enrolments = append(p.plan.Enrolments, e)
}

// grants gives 51 grants in 2019 (35 women) and 85 in 2020 (53 women), to
// persons enrolled that year. EN notes some of them, AMAPPE pays most.
func (p *planner) grants() {
	p.grant(pickSexes(p.d, p.cohort, 35, 16), 2019)
	p.grant(pickSexes(p.d, p.enrolled, 53, 32), 2020)
}

func (p *planner) grant(holders []*Person, year int) {
	for i, q := range holders {
		e := p.enrolment(q, year)
		noted, paid := true, true // by both: the usual case, and a duplicate to find
		switch {
		case i%6 == 1:
			paid = false
		case i%5 == 2:
			noted = false
		}
		if noted {
			e.Grant = "AMAPPE"
			if !paid {
				e.Grant = "Entraide Nationale"
			}
		}
		if paid {
			start := addDays(e.Date, p.d.between(0, 14))
			p.plan.Awards = append(p.plan.Awards, Award{Person: q, Body: e.Place, Date: min2(start, day(year, 12, 28)),
				Amount: float64(p.d.between(8, 16)) * 50, Months: p.d.between(3, 9)})
		}
	}
}

// min2 is the earlier of two dates.
func min2(a, b pipeline.Date) pipeline.Date {
	if a.Compare(b) < 0 {
		return a
	}
	return b
}

// enrolment is a person's enrolment of a year.
func (p *planner) enrolment(q *Person, year int) *Enrolment {
	for i := range p.plan.Enrolments {
		if e := &p.plan.Enrolments[i]; e.Person == q && e.Date.Year == year {
			return e
		}
	}
	panic(fmt.Sprintf("example: %s isn't enrolled in %d", q.ID, year))
}

// pickSexes draws women and men out of a group, in the group's order.
func pickSexes(d *draw, from []*Person, women, men int) []*Person {
	left := map[pipeline.Sex]int{pipeline.Women: women, pipeline.Men: men}
	chosen := map[*Person]bool{}
	for _, q := range shuffled(d, from) {
		if left[q.Sex] > 0 {
			left[q.Sex]--
			chosen[q] = true
		}
	}
	var out []*Person
	for _, q := range from {
		if chosen[q] {
			out = append(out, q)
		}
	}
	return out
}

func set(persons []*Person) map[*Person]bool {
	m := make(map[*Person]bool, len(persons))
	for _, q := range persons {
		m[q] = true
	}
	return m
}
