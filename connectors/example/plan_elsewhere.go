package example

import (
	"fmt"

	"cp3/pipeline"
)

// ofppt lists trainees of two training years. Those of 2019-2020 are all of EN's
// cohort, so that their results are EN's, written a second time.
func (p *planner) ofppt() {
	passed := set(p.completed)
	second := 0
	for _, q := range p.cohort {
		if q == p.earlyCandidate() || second == 10 {
			continue
		}
		result := Left
		switch {
		case passed[q]:
			result = Passed
		case second%3 != 0:
			continue
		case p.enrolment(q, 2019).Result == Ongoing: // still in training at EN, and to sit OFPPT's exam again
			result = Failed
		}
		second++
		p.train(q, 2019, result)
	}
	for _, q := range p.enrolled {
		if p.d.chance(9) && !technicalStream(p.enrolment(q, 2020).Stream) {
			p.train(q, 2020, Ongoing)
		}
	}
	p.trainees = append(p.pop.group(37, 42, "Rabat", "Casablanca", "Casablanca", "Salé", "Témara", "Kénitra"), p.pop.group(1, 2, "Agadir")...)
	p.alike(Homonyms, p.trainees, pipeline.Men)
	for _, q := range p.trainees {
		p.train(q, 2020, Ongoing)
	}
}

// earlyCandidate is the person who creates a business before completing the
// training. OFPPT must not list that person: its results carry a year only, and
// "before" would be lost.
func (p *planner) earlyCandidate() *Person {
	if p.early == nil {
		p.early = p.completed[len(p.completed)-1]
	}
	return p.early
}

func (p *planner) train(q *Person, year int, r Result) {
	t := Trainee{Person: q, FirstYear: year, Result: r, Stream: pick(p.d, ofpptStreams),
		Number: fmt.Sprintf("%d9%05d", year, len(p.plan.Trainees)*7+311),
		Level:  pick(p.d, []string{"S", "Q", "Q", "T", "TS"}), Mode: pick(p.d, []string{"Résidentiel", "Résidentiel", "Alterné", "Apprentissage"})}
	if q.Sex == pipeline.Men && p.d.chance(45) {
		t.Stream = pick(p.d, ofpptTechnical)
	}
	t.Establishment = establishment(q.City)
	p.plan.Trainees = append(p.plan.Trainees, t)
}

// establishment is where OFPPT trains the people of a city. The one of Agadir is
// on nobody's code list yet.
func establishment(city string) string {
	switch city {
	case "Rabat":
		return "ISTA Hay Riad Rabat"
	case "Salé":
		return "ITA Salé"
	case "Témara":
		return "ISTA Témara"
	case "Kénitra":
		return "ISTA Kénitra"
	case "Mohammedia":
		return "ISTA Mohammedia"
	case "Agadir":
		return "ISTA Inezgane"
	}
	return "ISTA Hay Hassani Casablanca"
}

// artisanat lists apprentices: three of EN's successes, some of EN's enrolled of
// 2020, and persons nobody else knows.
func (p *planner) artisanat() {
	for _, q := range p.completed[:3] {
		e := p.enrolment(q, 2019)
		p.apprentice(q, addDays(e.Date, 12), Passed, p.d.workday(day(2020, 7, 1), day(2020, 7, 31)))
	}
	arabic := 0
	for i, q := range p.enrolled {
		// Three whom EN writes in Latin letters and the delegation of Salé in Arabic.
		twoScripts := arabic < 3 && q.Family.Arabic != "" && q.Given.Arabic != "" && q.Clue == ByDocument && (q.City == "Rabat" || q.City == "Salé")
		if twoScripts {
			arabic++
		}
		if i%15 == 4 || twoScripts {
			p.apprentice(q, p.d.workday(day(2020, 9, 1), day(2020, 11, 30)), Ongoing, pipeline.Date{})
		}
	}
	g := append(p.pop.group(21, 39, "Salé", "Rabat", "Casablanca", "Casablanca", "Mohammedia"), p.pop.fromNearEast(3, 4, "Salé", "Rabat")...)
	p.alike(Siblings, g, pipeline.Men)
	for _, q := range g {
		p.apprentice(q, p.d.workday(day(2020, 1, 8), day(2020, 11, 30)), Ongoing, pipeline.Date{})
	}
}

func (p *planner) apprentice(q *Person, start pipeline.Date, r Result, end pipeline.Date) {
	centre := "CFA Artisanat Salé"
	switch q.City {
	case "Casablanca", "Mohammedia":
		centre = "CFA Artisanat Casablanca"
	}
	p.plan.Apprentices = append(p.plan.Apprentices, Apprentice{Person: q, Centre: centre, Start: start, End: end, Result: r,
		Trade:  pick(p.d, []string{"Poterie", "Couture traditionnelle", "Zellige", "Broderie", "Bijouterie", "Maroquinerie"}),
		Master: "Atelier " + pick(p.d, []string{"Al Amal", "Bab Lamrissa", "Essafa", "Al Baraka", "Oulja"})})
}
