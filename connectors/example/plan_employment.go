package example

import (
	"fmt"

	"cp3/pipeline"
)

// receptions receives 285 persons at EN in 2020: most of those who then enrol,
// the 30 who are referred to ANAPEC, and walk-ins. A few come twice.
func (p *planner) receptions() {
	p.referrals()
	busy := set(p.referred)
	var free []*Person
	for _, q := range p.enrolled {
		if !busy[q] {
			free = append(free, q)
		}
	}
	for _, q := range shuffled(p.d, free)[:110] {
		p.receive(q, p.centreOf[q], p.enrolment(q, 2020).Date, "FP")
	}
	for _, q := range shuffled(p.d, p.elsewhere)[:20] {
		p.receive(q, p.centreOf[q], p.enrolment(q, 2020).Date, "FP")
	}
	centres := []*Place{akkari, haySalam, hayMohamadi, temara, kenitra, tanger}
	for i, n := range []int{34, 22, 36, 11, 12, 10} {
		g := p.pop.group(n/2, n-n/2, centres[i].City)
		if i == 0 || i == 2 {
			p.alike(Twins, g, pipeline.Women)
			p.alike(Homonyms, g, pipeline.Men)
		}
		for _, q := range g {
			p.centreOf[q] = centres[i]
			p.receive(q, centres[i], pipeline.Date{}, pick(p.d, []string{"FP", "EMPLOI", "AUTOEMPLOI", "FP_EMPLOI"}))
		}
		p.walkIns = append(p.walkIns, g...)
	}
	p.comeBack()
}

// receive notes a person's reception: shortly before the enrolment, if one is
// given, else any day that the centre was open. One in six is sent elsewhere.
func (p *planner) receive(q *Person, at *Place, enrolled pipeline.Date, about string) {
	r := Reception{Person: q, Place: at, About: about}
	for r.Date.IsZero() || r.Date.Year != 2020 || at.closed(r.Date.Quarter()) {
		switch {
		case enrolled.IsZero():
			r.Date = p.openDay()
		case p.d.chance(20):
			r.Date = enrolled
		default:
			r.Date = p.d.workday(addDays(enrolled, -20), enrolled)
		}
	}
	if p.d.chance(16) {
		r.ReferredTo = pick(p.d, []string{"OFPPT", "ONG", "HCR"})
		r.Referred = min2(p.d.workday(r.Date, addDays(r.Date, 10)), day(2020, 12, 30))
	}
	p.plan.Receptions = append(p.plan.Receptions, r)
}

// openDay draws a day of 2020; hardly anyone is received from mid-March to June.
func (p *planner) openDay() pipeline.Date {
	switch k := p.d.n(100); {
	case k < 32:
		return p.d.workday(day(2020, 1, 6), day(2020, 3, 13))
	case k < 40:
		return p.d.workday(day(2020, 6, 8), day(2020, 6, 30))
	case k < 68:
		return p.d.workday(day(2020, 7, 1), day(2020, 9, 30))
	}
	return p.d.workday(day(2020, 10, 1), day(2020, 12, 23))
}

// referrals refers 30 trained persons to ANAPEC: 25 of the successes, after they
// passed (but for one), and five still in training.
func (p *planner) referrals() {
	early := p.earlyCandidate()
	successes := append([]*Person{early}, p.completed[:24]...)
	passed := set(p.completed)
	var training []*Person
	for _, q := range p.cohort {
		if !passed[q] && !q.special && p.enrolment(q, 2019).Result == Ongoing {
			training = append(training, q)
		}
	}
	training = pickSexes(p.d, training, 1, 1)
	var fresh []*Person
	for _, q := range p.enrolled {
		if !q.special && p.enrolment(q, 2020).Date.Quarter() == 1 {
			fresh = append(fresh, q)
		}
	}
	training = append(training, pickSexes(p.d, fresh, 2, 1)...)

	for _, q := range successes {
		end := p.enrolment(q, 2019).End
		from, to := addDays(end, 3), day(2020, 10, 9)
		if q == early {
			from, to = day(2020, 1, 8), day(2020, 1, 24)
		}
		p.refer(q, from, to)
	}
	for _, q := range training {
		p.refer(q, day(2020, 7, 6), day(2020, 9, 25))
	}
}

func (p *planner) refer(q *Person, from, to pipeline.Date) {
	r := Reception{Person: q, Place: p.centreOf[q], About: pick(p.d, []string{"EMPLOI", "EMPLOI", "AUTOEMPLOI"}), ReferredTo: "ANAPEC"}
	r.Date = p.d.workday(from, to)
	r.Referred = p.d.workday(r.Date, addDays(r.Date, 7))
	p.plan.Receptions = append(p.plan.Receptions, r)
	p.referred = append(p.referred, q)
}

// comeBack receives fourteen persons a second time: at their own centre or at
// another one, and never to be counted again.
func (p *planner) comeBack() {
	first := p.plan.Receptions
	for i := 0; i < 14; i++ {
		r := first[30+i*17]
		r.ReferredTo, r.Referred = "", pipeline.Date{}
		if i%3 == 0 {
			r.Place = map[*Place]*Place{akkari: haySalam, haySalam: akkari, hayMohamadi: akkari, temara: akkari, kenitra: haySalam, tanger: hayMohamadi}[r.Place]
		}
		r.Date = p.d.workday(addDays(r.Date, 7), day(2020, 12, 23))
		if r.Place.closed(r.Date.Quarter()) {
			r.Date = p.d.workday(day(2020, 7, 1), day(2020, 12, 23))
		}
		p.plan.Receptions = append(p.plan.Receptions, r)
	}
}

// employmentServices is ANAPEC's year: 245 registered in the pilot agencies and
// 110 in others; 418 supported, 165 of them towards employment and 253 towards
// self-employment; 15 placed, 253 creations.
func (p *planner) employmentServices() {
	pilot := append([]*Person{}, p.referred...)
	pilot = append(pilot, p.known()...)
	pilot = append(pilot, p.pop.group(84, 245-len(pilot)-84, "Rabat", "Casablanca", "Casablanca", "Salé")...)
	p.alike(Twins, pilot[90:], pipeline.Men)
	p.alike(Siblings, pilot[90:], pipeline.Women)
	p.alike(Homonyms, pilot[90:], pipeline.Men)
	others := p.pop.group(46, 64, "Tanger", "Tanger", "Oujda")
	p.alike(Siblings, others, pipeline.Women)
	before := p.pop.group(38, 50, "Rabat", "Casablanca", "Tanger", "Oujda") // registered in earlier years
	p.unsaidSex(before)

	for _, q := range pilot {
		p.register(q)
	}
	for _, q := range others {
		p.register(q)
	}
	for _, q := range pilot[60:63] { // moved house, registered again
		p.plan.Registrations = append(p.plan.Registrations, Registration{Person: q, Place: agencyTanger,
			Number: p.registrationNumber(), Date: p.d.workday(day(2020, 11, 2), day(2020, 12, 18))})
	}
	rest := append(append([]*Person{}, shuffled(p.d, pilot[30:])[:195]...), append(shuffled(p.d, others)[:105], before...)...)
	p.support(shuffled(p.d, rest))
}

// known are persons whom EN or OFPPT already lists, and who come to ANAPEC by
// themselves: never referred, so never counted as such.
func (p *planner) known() []*Person {
	busy := set(p.referred)
	take := func(from []*Person, n int) []*Person {
		var out []*Person
		for _, q := range shuffled(p.d, from) {
			if near := agency(q.City); len(out) < n && !busy[q] && near.Marked && !q.special {
				out = append(out, q)
			}
		}
		return out
	}
	return append(append(take(p.walkIns, 20), take(p.enrolled, 15)...), take(p.trainees, 10)...)
}

// unsaidSex leaves the sex of a few persons out of the only list they are on.
func (p *planner) unsaidSex(of []*Person) {
	for i := range 6 {
		of[i*9].SexUnsaid = true
	}
}

// agency is the agency of ANAPEC that serves a city.
func agency(city string) *Place {
	switch city {
	case "Casablanca", "Mohammedia":
		return agencyCasa
	case "Tanger":
		return agencyTanger
	case "Oujda":
		return agencyOujda
	}
	return agencyRabat
}

func (p *planner) registrationNumber() string {
	return fmt.Sprintf("CE-2020-%05d", 1200+len(p.plan.Registrations)*3)
}

func (p *planner) register(q *Person) {
	r := Registration{Person: q, Place: agency(q.City), Number: p.registrationNumber()}
	if ref, ok := p.referral(q); ok {
		r.Date, r.ReferredBy = p.d.workday(ref, addDays(ref, 9)), "EN"
	} else {
		r.Date = p.openDay()
		r.ReferredBy = pick(p.d, []string{"SPONTANE", "SPONTANE", "ONG", "HCR", ""})
	}
	p.plan.Registrations = append(p.plan.Registrations, r)
}

// referral is the day EN referred a person to ANAPEC.
func (p *planner) referral(q *Person) (pipeline.Date, bool) {
	for _, r := range p.plan.Receptions {
		if r.Person == q && r.ReferredTo == "ANAPEC" {
			return r.Referred, true
		}
	}
	return pipeline.Date{}, false
}

// registered is the first day a person is registered; the start of the year for
// those registered earlier.
func (p *planner) registered(q *Person) (pipeline.Date, *Place) {
	for _, r := range p.plan.Registrations {
		if r.Person == q {
			return r.Date, r.Place
		}
	}
	return day(2020, 1, 8), agency(q.City)
}

// support supports the 30 referred and 388 others: 165 towards employment, 253
// towards self-employment, nobody towards both.
func (p *planner) support(rest []*Person) {
	early := p.earlyCandidate()
	var salaried, selfEmployed []*Person
	for i, q := range p.referred {
		// early and one other success, and the last three, still in training.
		if q == early || i == 1 || i >= 27 {
			selfEmployed = append(selfEmployed, q)
		} else {
			salaried = append(salaried, q)
		}
	}
	need := 165 - len(salaried)
	salaried, selfEmployed = append(salaried, rest[:need]...), append(selfEmployed, rest[need:]...)
	for _, q := range salaried {
		p.services(q, false)
	}
	for _, q := range selfEmployed {
		p.services(q, true)
	}
	p.placements(salaried)
	p.creations(selfEmployed)
}

var (
	salariedServices = []string{"Entretien de positionnement", "Atelier de recherche d'emploi", "Bilan de compétences", "Mise en relation avec un employeur"}
	selfServices     = []string{"Entretien d'orientation", "Formation à l'entrepreneuriat", "Étude de projet", "Obtention de la carte d'auto-entrepreneur"}
)

// services gives a person one to three support services, from registration on.
func (p *planner) services(q *Person, self bool) {
	date, place := p.registered(q)
	names := salariedServices
	if self {
		names = selfServices
	}
	n := 1 + p.d.weighted([]int{45, 35, 20})
	for i := range n {
		last := min2(addDays(date, 25), day(2020, 12, 21))
		date = p.d.workday(min2(date, last), last)
		p.plan.Supports = append(p.plan.Supports, Support{Person: q, Place: place, Self: self, Service: names[min(i, len(names)-1)], Date: date})
	}
}

// supported is the last day a person was supported.
func (p *planner) supported(q *Person) (last pipeline.Date, place *Place) {
	for _, s := range p.plan.Supports {
		if s.Person == q {
			last, place = s.Date, s.Place
		}
	}
	return last, place
}

// placements places 15 persons, five of them by an aided contract; two of the 15
// had passed their training before. Some were interns first.
func (p *planner) placements(salaried []*Person) {
	placed := []*Person{salaried[0], salaried[1]} // both passed: referred in that order
	placed = append(placed, salaried[40:53]...)
	for i, q := range placed {
		last, place := p.supported(q)
		kind := "CDD"
		switch {
		case i == 0 || i >= 11:
			kind = "CONTRAT_AIDE"
		case i%3 == 0:
			kind = "CDI"
		}
		if i%4 == 2 {
			p.insert(q, place, "STAGE", last)
		}
		p.insert(q, place, kind, p.d.workday(min2(addDays(last, 2), day(2020, 12, 28)), min2(addDays(last, 30), day(2020, 12, 30))))
	}
	for _, q := range salaried[60:66] { // internships that led nowhere yet
		last, place := p.supported(q)
		p.insert(q, place, "STAGE", last)
	}
}

// creations gives 229 auto-entrepreneur cards, 12 cooperatives and 12 companies.
// Two creators passed a training, one of them only after the creation.
func (p *planner) creations(self []*Person) {
	for i, q := range self {
		kind := "AUTO_ENTREPRENEUR"
		switch {
		case i >= 60 && i < 72:
			kind = "COOPERATIVE"
		case i >= 120 && i < 132:
			kind = "SARL"
		}
		last, place := p.supported(q)
		to := min2(addDays(last, 20), day(2020, 12, 30))
		if q == p.earlyCandidate() {
			to = min2(to, day(2020, 5, 29))
		}
		p.insert(q, place, kind, p.d.workday(min2(last, to), to))
		if kind == "AUTO_ENTREPRENEUR" && i%11 == 7 {
			p.plan.Insertions[len(p.plan.Insertions)-1].Funded = true
		}
	}
}

func (p *planner) insert(q *Person, at *Place, kind string, date pipeline.Date) {
	i := Insertion{Person: q, Place: at, Type: kind, Date: date}
	switch kind {
	case "CONTRAT_AIDE", "CDD", "CDI", "STAGE":
		i.Employer = "Société " + pick(p.d, []string{"Atlas Services", "Bouregreg Hôtellerie", "Chaouia Textile", "Oulja Distribution", "Rif Logistique"})
	}
	p.plan.Insertions = append(p.plan.Insertions, i)
}
