package example

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cp3/pipeline"
)

// Volume is an archive of any size, for measuring: workbooks of four members over
// persons who meet several of them, as a national system would hold. It is
// deterministic like the example, but it plans nothing: its figures are nobody's.
//
// Books and persons are made from their number alone, so that a large archive
// needs no memory, and a later night's books go on where the last one's ended.
type Volume struct {
	Seed  uint64 // 0: the shipped example's
	First int    // number of the first workbook, from 0
	Books int
	Rows  int // persons' rows in each workbook, all its lists together
	// Persons is how many persons the rows are about: 0 for one in four rows of the
	// books from 0 to the last.
	Persons int
	// Member has every workbook made by one member; "" for all four.
	Member pipeline.Member
}

// Write makes the workbooks below dir, as Write does the example's. Each was last
// saved, and lies in the folder since, on a day of 2020.
func (v Volume) Write(ctx context.Context, dir string) error {
	if v.Seed == 0 {
		v.Seed = Seed
	}
	if v.Persons == 0 {
		v.Persons = max(1, (v.First+v.Books)*v.Rows/4)
	}
	for n := v.First; n < v.First+v.Books; n++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("example: %w", err)
		}
		if err := v.write(dir, n); err != nil {
			return fmt.Errorf("example: workbook %d: %w", n, err)
		}
	}
	return nil
}

func (v Volume) write(dir string, n int) error {
	b := v.book(n)
	at := time.Date(2020, 1, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(n%(360*1440)) * time.Minute)
	content, err := b.bytes(at)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, filepath.FromSlash(b.path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		return err
	}
	return os.Chtimes(name, at, at)
}

// volumeHands are who writes: one hand a workbook.
var volumeHands = []hand{neat, neat, shouting, wordy, hasty, machine, neat.with(func(h *hand) { h.dates, h.births = asSlash, asSlash })}

var volumeWords = []wording{official, official, shouted, reworded, shortened}

// The members whose workbooks make up an archive, as often as their weight says.
var (
	volumeMembers = []pipeline.Member{"EN", "ANAPEC", "ARTISANAT", "AMAPPE"}
	volumeWeights = []int{45, 35, 12, 8}
)

// A volumeBook is a workbook being made: what it is about, and who writes it.
type volumeBook struct {
	*quickBook
	v     Volume
	d     *draw
	hand  hand
	words wording
	when  pipeline.Period
	path  string
}

// book makes the workbook of a number. Twelve quarters go round before the next
// structure: no two numbers report the same.
func (v Volume) book(n int) *volumeBook {
	d := newDraw(v.Seed).fork(fmt.Sprint("volume ", n))
	b := &volumeBook{quickBook: newQuickBook(), v: v, d: d, hand: pick(d, volumeHands), words: pick(d, volumeWords)}
	b.when = pipeline.Period{Year: 2018 + n%12/4, Quarter: n%4 + 1}
	member := v.Member
	if member == "" {
		// Of the structure, not of the workbook: a centre stays a centre.
		member = volumeMembers[newDraw(v.Seed).fork(fmt.Sprint("structure ", n/12)).weighted(volumeWeights)]
	}
	var structure string
	switch member {
	case "ANAPEC":
		structure = b.agency(n / 12)
	case "ARTISANAT":
		structure = b.delegation(n / 12)
	case "AMAPPE":
		structure = b.association(n / 12)
	default:
		member, structure = "EN", b.centre(n/12)
	}
	b.path = fmt.Sprintf("%s/%s/%s %d T%d.xlsx", member, structure, structure, b.when.Year, b.when.Quarter)
	return b
}

func (b *volumeBook) centre(k int) string {
	name := fmt.Sprintf("%s Quartier %d", []string{"CFA", "CEF"}[k%2], k+1)
	b.identify("Structure (centre)", name)
	b.list("Accueil", receptionFields, b.v.Rows-b.v.Rows/2, func(p *Person, m map[string]value) {
		on := b.day()
		m["reception_date"] = b.faulty(b.hand.day(on))
		m["informed_about"] = b.hand.word(aboutTexts, pick(b.d, []string{"FP", "EMPLOI", "AUTOEMPLOI"}))
		if b.d.chance(40) {
			m["referred_to"] = b.hand.word(towardTexts, pick(b.d, []string{"ANAPEC", "ANAPEC", "OFPPT", "ONG"}))
			m["referral_date"] = b.hand.day(on)
		}
	})
	b.list("Formation", trainingFields, b.v.Rows/2, func(p *Person, m map[string]value) {
		m["centre"], m["stream"] = str("CFA Akkari"), str(pick(b.d, volumeStreams))
		m["targeted"], m["technical"] = b.hand.answer(b.d.chance(60)), b.hand.answer(b.d.chance(30))
		m["school_year"] = str(fmt.Sprintf("%d-%d", b.when.Year, b.when.Year+1))
		m["enrolment_date"] = b.faulty(b.hand.day(b.day()))
		m["grant"] = b.hand.answer(b.d.chance(25))
		m["result"] = str(pick(b.d, []string{"En cours", "En cours", "Réussite", "Abandon"}))
	})
	return name
}

var volumeStreams = []string{"Coiffure", "Couture", "Cuisine", "Pâtisserie", "Esthétique", "Broderie", "Restauration", "Informatique"}

func (b *volumeBook) agency(k int) string {
	name := fmt.Sprintf("Agence locale %d", k+1)
	b.identify("Agence", name)
	number := func(m map[string]value) {
		m["registration_number"], m["agency"] = str(fmt.Sprintf("CE-%d-%06d", b.when.Year, b.d.n(1_000_000))), str(name)
	}
	rows := b.v.Rows / 3
	b.list("Inscriptions", []string{"registration_number", "agency", "registration_date", "referred_by"}, b.v.Rows-2*rows, func(p *Person, m map[string]value) {
		number(m)
		m["registration_date"] = b.faulty(b.hand.day(b.day()))
		m["referred_by"] = b.hand.word(towardTexts, pick(b.d, []string{"EN", "SPONTANE", "ONG"}))
	})
	b.list("Accompagnement", []string{"registration_number", "agency", "support_type", "support_service", "support_date"}, rows, func(p *Person, m map[string]value) {
		number(m)
		m["support_type"], m["support_service"] = str(pick(b.d, []string{"Emploi", "Auto-emploi"})), str(pick(b.d, []string{"Entretien de positionnement", "Bilan de compétences"}))
		m["support_date"] = b.hand.day(b.day())
	})
	b.list("Insertions", []string{"registration_number", "agency", "placement_type", "placement_date", "employer", "financed"}, rows, func(p *Person, m map[string]value) {
		number(m)
		m["placement_type"] = str(pick(b.d, []string{"Contrat aidé", "CDD", "CDI", "Stage", "Auto-entrepreneur", "Coopérative"}))
		m["placement_date"], m["employer"] = b.hand.day(b.day()), str(fmt.Sprintf("Société Exemple %d", b.d.n(4000)))
		m["financed"] = b.hand.answer(b.d.chance(10))
	})
	return name
}

func (b *volumeBook) delegation(k int) string {
	name := fmt.Sprintf("Délégation %d", k+1)
	b.hand, b.words = arab, arabic
	b.identify("Direction / délégation", name)
	b.list("المتدربون", apprenticeFields, b.v.Rows, func(p *Person, m map[string]value) {
		m["trade"], m["workshop"], m["master"] = str("الخزف"), str("CFA Artisanat Salé"), str(fmt.Sprintf("Atelier Exemple %d", b.d.n(900)))
		m["start_date"] = b.faulty(b.hand.day(b.day()))
	})
	return name
}

func (b *volumeBook) association(k int) string {
	name := fmt.Sprintf("Antenne %d", k+1)
	if b.words == reworded { // words that apprenticeships have in common
		b.words = official
	}
	b.identify("Association", name)
	b.list("Bourses", []string{"training_body", "amount", "start_date", "months", "remarks"}, b.v.Rows, func(p *Person, m map[string]value) {
		m["training_body"], m["amount"], m["months"] = str("CFA Akkari"), whole(500), whole(b.d.between(3, 10))
		m["start_date"] = b.faulty(b.hand.day(b.day()))
	})
	return name
}

// identify writes the form.
func (b *volumeBook) identify(label, name string) {
	s := b.sheet("Identification")
	for i, l := range []line{{label, str(name)}, {"Région", str("Rabat-Salé-Kénitra")}, {"Préfecture / province", str("Rabat")},
		{"Année", whole(b.when.Year)}, {"Trimestre", quarterValue(b.when, "")}, {"Point focal", str("Point focal")}} {
		s.row(i+1, str(l.label), l.v)
	}
	s.end()
}

// list writes a list about persons drawn from all.
func (b *volumeBook) list(name string, service []string, rows int, fill func(*Person, map[string]value)) {
	cols := columns(b.words, asTemplate, "", service)
	s := b.sheet(name)
	heads := make([]value, len(cols))
	for i, c := range cols {
		heads[i] = str(c.head)
	}
	s.row(1, heads...)
	cells := make([]value, len(cols))
	for n := range rows {
		p := b.v.person(b.d.n(b.v.Persons))
		m := b.hand.mention(p, b.d)
		fill(p, m)
		for i, c := range cols {
			cells[i] = m[c.field]
		}
		s.row(n+2, cells...)
	}
	s.end()
}

func (b *volumeBook) day() pipeline.Date { return b.d.workday(b.when.First(), b.when.Last()) }

// faulty writes, now and then, a date that can't be one: its row is refused, and
// the answer has something to say.
func (b *volumeBook) faulty(v value) value {
	if b.d.n(200) == 0 {
		return str("32/13/2020")
	}
	return v
}

// person makes the person of a number. Names repeat as they do in a country:
// many share a family name and a first name, few both first names and the birth
// date. One in three has two first names.
func (v Volume) person(i int) *Person {
	d := newDraw(v.Seed).fork(fmt.Sprint("person ", i))
	sex := pipeline.Women
	if d.chance(52) {
		sex = pipeline.Men
	}
	o := names().Groups[d.weighted([]int{34, 24, 22, 9, 10, 4})]
	p := &Person{
		ID: fmt.Sprintf("P%07d", i+1), Sex: sex, Birth: day(d.between(1962, 2004), d.between(1, 12), d.between(2, 28)),
		Nationality: o.nationality(d), Phone: fmt.Sprintf("6000%05d", i*7919%100_000),
		City: pick(d, []string{"Rabat", "Salé", "Témara", "Kénitra", "Casablanca", "Mohammedia", "Tanger", "Oujda", "Agadir"}),
	}
	p.Family, p.Given = pick(d, o.Families), pick(d, o.given(sex))
	if second := pick(d, o.given(sex)); d.chance(33) && second.String() != p.Given.String() {
		p.Given = twoNames(p.Given, second)
	}
	p.Status = status(d, p.Nationality)
	p.DocType, p.DocNumber = volumePaper(p.Status, i)
	if p.DocType == "" || d.chance(30) {
		p.Clue = ByBirth
	}
	return p
}

// twoNames is two first names as one, in the spellings they share a place with.
func twoNames(a, b Name) Name {
	n := Name{}
	for i := range min(len(a.Spellings), len(b.Spellings)) {
		n.Spellings = append(n.Spellings, a.Spellings[i]+" "+b.Spellings[i])
	}
	if a.Arabic != "" && b.Arabic != "" {
		n.Arabic = a.Arabic + " " + b.Arabic
	}
	return n
}

// volumePaper is the paper of a person's number, of the series of population,
// longer and with two check digits.
func volumePaper(status string, i int) (kind, number string) {
	digits := fmt.Sprintf("%06d%02d", i, 97-i%97)
	switch status {
	case "REGULARISE", "ETUDIANT":
		return "CARTE_SEJOUR", "ZZ" + digits
	case "REFUGIE", "DEMANDEUR_ASILE":
		return "CARTE_HCR", "383-00C" + digits
	case "EN_COURS":
		return "PASSEPORT", "XX" + strings.TrimLeft(digits, "0")
	}
	return "", ""
}
