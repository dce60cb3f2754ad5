package example

import (
	"fmt"
	"strconv"

	"cp3/pipeline"
)

// Clue is what lets a careful human know a person again whatever else a clerk
// left out or misspelt: every mention of the person carries it.
type Clue uint8

// The clues.
const (
	ByDocument Clue = iota // the document's number, whole
	ByBirth                // the full birth date and the phone
)

// Person is a synthetic person.
type Person struct {
	ID          string // P0001: the truth id
	Family      Name
	Given       Name
	Sex         pipeline.Sex
	Birth       pipeline.Date
	Nationality string // ISO 3166-1 alpha-3
	Status      string // administrative status code
	DocType     string // code; "" for the few who have no paper
	DocNumber   string
	Phone       string // nine digits after +212
	City        string
	Clue        Clue
	// SexUnsaid: the only clerk who met the person left the sex out.
	SexUnsaid bool
	// special persons are planted look-alikes: nobody else is made like them.
	special bool
}

// population makes persons who can't be taken for one another by accident: no
// two have the same pair of names, in either order, the same paper number or the
// same phone, and numbers differ by two characters at least.
type population struct {
	d       *draw
	persons []*Person
	named   map[string]bool
	numbers map[string]bool
}

func newPopulation(d *draw) *population {
	return &population{d: d, named: map[string]bool{}, numbers: map[string]bool{}}
}

// group makes women and men living in the given cities.
func (p *population) group(women, men int, cities ...string) []*Person {
	var g []*Person
	for i := range women + men {
		sex := pipeline.Women
		if i >= women {
			sex = pipeline.Men
		}
		g = append(g, p.person(sex, pick(p.d, cities)))
	}
	return shuffled(p.d, g)
}

// fromNearEast makes persons whose names a clerk may write in Arabic.
func (p *population) fromNearEast(women, men int, cities ...string) []*Person {
	var g []*Person
	for _, o := range names().Groups {
		if o.From["SYR"] == 0 {
			continue
		}
		for i := range women + men {
			sex := pipeline.Women
			if i >= women {
				sex = pipeline.Men
			}
			q := p.personOf(o, sex, pick(p.d, cities))
			q.Status = "REFUGIE"
			q.DocType, q.DocNumber = p.document(q.Status)
			q.Clue = ByDocument
			g = append(g, q)
		}
	}
	return g
}

func (p *population) person(sex pipeline.Sex, city string) *Person {
	return p.personOf(p.origin(sex), sex, city)
}

func (p *population) personOf(o origin, sex pipeline.Sex, city string) *Person {
	q := &Person{
		ID:          fmt.Sprintf("P%04d", len(p.persons)+1),
		Sex:         sex,
		Birth:       day(p.d.between(1972, 2002), p.d.between(1, 12), p.d.between(2, 28)),
		Nationality: o.nationality(p.d),
		Phone:       p.phone(),
		City:        city,
	}
	q.Family, q.Given = p.names(o, sex)
	q.Status = status(p.d, q.Nationality)
	q.DocType, q.DocNumber = p.document(q.Status)
	if q.DocType == "" || p.d.chance(30) {
		q.Clue = ByBirth
	}
	p.persons = append(p.persons, q)
	return q
}

// origin draws a part of the world; Filipino migrants are mostly women.
func (p *population) origin(sex pipeline.Sex) origin {
	weights := []int{34, 24, 22, 9, 10, 4}
	if sex == pipeline.Men {
		weights[5] = 1
	}
	return names().Groups[p.d.weighted(weights)]
}

// names draws a pair nobody has yet.
func (p *population) names(o origin, sex pipeline.Sex) (family, given Name) {
	for {
		family, given = pick(p.d, o.Families), pick(p.d, o.given(sex))
		key := family.String() + "|" + given.String()
		if !p.named[key] {
			p.named[key] = true
			return family, given
		}
	}
}

// status draws an administrative status; Syrians and Yemenis are mostly refugees.
func status(d *draw, nationality string) string {
	codes := []string{"REGULARISE", "REFUGIE", "DEMANDEUR_ASILE", "EN_COURS", "ETUDIANT", "AUTRE"}
	weights := []int{48, 8, 12, 20, 9, 3}
	switch nationality {
	case "SYR", "YEM", "IRQ", "PSE", "SDN", "CAF":
		weights = []int{10, 62, 20, 4, 3, 1}
	case "PHL":
		weights = []int{80, 0, 0, 14, 0, 6}
	}
	return codes[d.weighted(weights)]
}

// document draws a paper that goes with the status. The numbers are of series
// that no authority issues: residence cards ZZ, passports XX (a code that ISO
// 3166 leaves to users), UNHCR files of the year 00.
func (p *population) document(status string) (kind, number string) {
	switch status {
	case "REGULARISE", "ETUDIANT":
		kind = "CARTE_SEJOUR"
	case "REFUGIE", "DEMANDEUR_ASILE":
		kind = "CARTE_HCR"
	case "EN_COURS":
		kind = "PASSEPORT"
		if p.d.chance(25) {
			return "", ""
		}
	default:
		return "", ""
	}
	return kind, p.paper(kind)
}

// paper draws the number of a paper of a kind.
func (p *population) paper(kind string) string {
	form := map[string]string{"CARTE_SEJOUR": "ZZ%s", "CARTE_HCR": "383-00C%s", "PASSEPORT": "XX%s"}[kind]
	return fmt.Sprintf(form, p.number(kind, 5))
}

// phone draws a number of the block +212 6000xxxxx, nine digits after the
// country code; the block is used here for synthetic persons only.
func (p *population) phone() string { return "6000" + p.number("phone", 4) }

// number draws digits and adds a check digit, so that two numbers of one series
// differ at two places at least: a slip of the pen never gives somebody else's.
func (p *population) number(series string, digits int) string {
	limit := 1
	for range digits {
		limit *= 10
	}
	for {
		n := p.d.n(limit)
		key := series + strconv.Itoa(n)
		if p.numbers[key] {
			continue
		}
		p.numbers[key] = true
		s := fmt.Sprintf("%0*d", digits, n)
		sum := 0
		for _, c := range s {
			sum += int(c - '0')
		}
		return s + strconv.Itoa((10-sum%10)%10)
	}
}

// LookAlike is what makes two different persons look the same.
type LookAlike string

// The look-alikes of the example.
const (
	Homonyms LookAlike = "homonymes" // same names, other birth year
	Siblings LookAlike = "fratrie"   // same family name, phone and city
	Twins    LookAlike = "jumeaux"   // siblings born the same day
)

// Pair is two persons who must stay apart.
type Pair struct {
	Kind LookAlike
	A, B *Person
}

// alike remakes b in the likeness of a. Both have papers of their own, which
// every mention of them carries: of the same kind for those of one household, who
// share their status, so that two first names can't be one person's.
func (p *population) alike(kind LookAlike, a, b *Person) Pair {
	for _, q := range []*Person{a, b} {
		if q.DocType == "" {
			q.Status = "REGULARISE"
			q.DocType, q.DocNumber = p.document(q.Status)
		}
		q.Clue, q.special = ByDocument, true
	}
	b.Nationality, b.Family = a.Nationality, a.Family
	if kind != Homonyms && b.DocType != a.DocType {
		b.Status, b.DocType, b.DocNumber = a.Status, a.DocType, p.paper(a.DocType)
	}
	switch kind {
	case Homonyms:
		b.Given = a.Given
		if b.Birth.Year = a.Birth.Year + 6; b.Birth.Year > 2002 {
			b.Birth.Year = a.Birth.Year - 6
		}
	case Siblings:
		b.Given = p.sisterOrBrother(a, b)
		b.Birth.Year = a.Birth.Year + 2
		b.Phone, b.City = a.Phone, a.City
	case Twins:
		b.Given = p.sisterOrBrother(a, b)
		b.Birth, b.Phone, b.City = a.Birth, a.Phone, a.City
	}
	return Pair{kind, a, b}
}

// sisterOrBrother is a first name for b in a's family.
func (p *population) sisterOrBrother(a, b *Person) Name {
	for _, o := range names().Groups {
		if o.From[a.Nationality] == 0 {
			continue
		}
		for _, n := range shuffled(p.d, o.given(b.Sex)) {
			key := a.Family.String() + "|" + n.String()
			if !p.named[key] {
				p.named[key] = true
				return n
			}
		}
	}
	return b.Given
}
