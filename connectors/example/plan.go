package example

import (
	"slices"

	"cp3/pipeline"
)

// Place is where a service is given: a centre of EN, an agency of ANAPEC, a
// training establishment.
type Place struct {
	Name     string // as its own people write it
	City     string
	Province string
	Region   string
	// Marked: the project targets the centre, or the agency is a pilot one.
	Marked bool
	// Closed quarters of 2020: nothing happened there, so nothing is missed when
	// the quarter's workbook never comes.
	Closed []int
}

// The places of the example.
var (
	akkari      = &Place{Name: "CFA Akkari", City: "Rabat", Province: "Rabat", Region: "Rabat-Salé-Kénitra", Marked: true}
	haySalam    = &Place{Name: "CEF Hay Salam", City: "Salé", Province: "Salé", Region: "Rabat-Salé-Kénitra", Marked: true}
	temara      = &Place{Name: "CFA Témara", City: "Témara", Province: "Skhirate-Témara", Region: "Rabat-Salé-Kénitra", Marked: true, Closed: []int{2}}
	hayMohamadi = &Place{Name: "CFA Hay Mohammadi", City: "Casablanca", Province: "Casablanca", Region: "Casablanca-Settat", Marked: true}
	kenitra     = &Place{Name: "CFA Kénitra", City: "Kénitra", Province: "Kénitra", Region: "Rabat-Salé-Kénitra"}
	tanger      = &Place{Name: "CEF Tanger", City: "Tanger", Province: "Tanger-Assilah", Region: "Tanger-Tétouan-Al Hoceima"}

	agencyRabat  = &Place{Name: "Rabat", City: "Rabat", Province: "Rabat", Region: "Rabat-Salé-Kénitra", Marked: true}
	agencyCasa   = &Place{Name: "Casablanca", City: "Casablanca", Province: "Casablanca", Region: "Casablanca-Settat", Marked: true}
	agencyTanger = &Place{Name: "Tanger", City: "Tanger", Province: "Tanger-Assilah", Region: "Tanger-Tétouan-Al Hoceima"}
	agencyOujda  = &Place{Name: "Oujda", City: "Oujda", Province: "Oujda-Angad", Region: "Oriental"}
)

func (p *Place) closed(quarter int) bool { return slices.Contains(p.Closed, quarter) }

// Result is how a training ended; "" when nothing is said.
type Result string

// The results.
const (
	Passed   Result = "REUSSITE"
	Failed   Result = "AJOURNE"
	Left     Result = "ABANDON"
	Ongoing  Result = "EN_COURS"
	NoResult Result = ""
)

// The events of the plan, one type for each kind of row members write.
type (
	// Reception is a person received at a centre of EN.
	Reception struct {
		Person     *Person
		Place      *Place
		Date       pipeline.Date
		About      string // FP, EMPLOI, AUTOEMPLOI
		ReferredTo string // ANAPEC, OFPPT, ONG; "" when nowhere
		Referred   pipeline.Date
	}
	// Enrolment is a person enrolled at a centre of EN. It stands in the list of
	// its year, and again, with its result, in the list of the year it ends.
	Enrolment struct {
		Person    *Person
		Place     *Place
		Date      pipeline.Date
		Stream    string
		Technical bool
		Grant     string // who pays, as EN notes it; "" when EN notes no grant
		Result    Result
		End       pipeline.Date
	}
	// Award is a grant paid by AMAPPE.
	Award struct {
		Person *Person
		Body   *Place
		Date   pipeline.Date
		Amount float64
		Months int
	}
	// Trainee is a person on OFPPT's list.
	Trainee struct {
		Person        *Person
		Number        string
		Establishment string
		Stream        string
		Level         string
		Mode          string
		FirstYear     int // of the training year: 2019 is 2019-2020
		Result        Result
	}
	// Apprentice is a person on Artisanat's list.
	Apprentice struct {
		Person *Person
		Centre string
		Trade  string
		Master string
		Start  pipeline.Date
		End    pipeline.Date
		Result Result
	}
	// Registration is a person registered at an agency of ANAPEC.
	Registration struct {
		Person     *Person
		Place      *Place
		Number     string
		Date       pipeline.Date
		ReferredBy string
	}
	// Support is one support service of ANAPEC.
	Support struct {
		Person  *Person
		Place   *Place
		Self    bool // towards self-employment, else towards employment
		Service string
		Date    pipeline.Date
	}
	// Insertion is a placement, an internship or a creation.
	Insertion struct {
		Person   *Person
		Place    *Place
		Type     string // CONTRAT_AIDE, CDD, CDI, STAGE, AUTO_ENTREPRENEUR, COOPERATIVE, SARL
		Date     pipeline.Date
		Employer string
		Funded   bool
	}
)

// Plan is what really happened in the example's world: persons and what they
// received, before anybody wrote it down. Its figures are the report's.
type Plan struct {
	Persons       []*Person
	Pairs         []Pair
	Receptions    []Reception
	Enrolments    []Enrolment
	Awards        []Award
	Trainees      []Trainee
	Apprentices   []Apprentice
	Registrations []Registration
	Supports      []Support
	Insertions    []Insertion
	Companies     []Company
	Committees    []Committee
	// Strays are persons whose only row is to be refused: they must count nowhere.
	Strays []*Person
}

// Given is one service one person received.
type Given struct {
	Person    *Person
	Member    pipeline.Member
	Service   pipeline.Service
	Date      pipeline.Date
	Marked    bool
	Technical bool
	Toward    string
	Place     *Place
}

// Services lists every service of the plan, in the common code list.
func (p *Plan) Services() []Given {
	var all []Given
	for _, r := range p.Receptions {
		all = append(all, Given{Person: r.Person, Member: "EN", Service: pipeline.Reception, Date: r.Date, Marked: r.Place.Marked, Place: r.Place})
		if r.ReferredTo != "" {
			all = append(all, Given{Person: r.Person, Member: "EN", Service: pipeline.Referral, Date: r.Referred, Toward: r.ReferredTo, Marked: r.Place.Marked, Place: r.Place})
		}
	}
	for _, e := range p.Enrolments {
		g := Given{Person: e.Person, Member: "EN", Service: pipeline.Enrolment, Date: e.Date, Marked: e.Place.Marked, Technical: e.Technical, Place: e.Place}
		all = append(all, g)
		if e.Grant != "" {
			g.Service = pipeline.Grant
			all = append(all, g)
		}
		all = append(all, ended(g, e.Result, e.End)...)
	}
	for _, a := range p.Awards {
		all = append(all, Given{Person: a.Person, Member: "AMAPPE", Service: pipeline.Grant, Date: a.Date})
	}
	for _, t := range p.Trainees {
		g := Given{Person: t.Person, Member: "OFPPT", Service: pipeline.Enrolment, Date: pipeline.Date{Year: t.FirstYear}, Technical: technicalStream(t.Stream)}
		all = append(all, g)
		all = append(all, ended(g, t.Result, pipeline.Date{Year: t.FirstYear + 1})...)
	}
	for _, a := range p.Apprentices {
		g := Given{Person: a.Person, Member: "ARTISANAT", Service: pipeline.Enrolment, Date: a.Start}
		all = append(all, g)
		all = append(all, ended(g, a.Result, a.End)...)
	}
	return append(all, p.employment()...)
}

// ended is the service that the end of a training stands for, if any.
func ended(g Given, r Result, end pipeline.Date) []Given {
	g.Date = end
	switch r {
	case Passed:
		g.Service = pipeline.Completion
	case Left:
		g.Service = pipeline.DropOut
	default:
		return nil
	}
	return []Given{g}
}

// employment lists the services of ANAPEC.
func (p *Plan) employment() []Given {
	var all []Given
	for _, r := range p.Registrations {
		all = append(all, Given{Person: r.Person, Member: "ANAPEC", Service: pipeline.AnapecRegistration, Date: r.Date, Marked: r.Place.Marked, Place: r.Place})
	}
	for _, s := range p.Supports {
		service := pipeline.EmploymentSupport
		if s.Self {
			service = pipeline.SelfEmployment
		}
		all = append(all, Given{Person: s.Person, Member: "ANAPEC", Service: service, Date: s.Date, Marked: s.Place.Marked, Place: s.Place})
	}
	for _, i := range p.Insertions {
		for _, service := range insertionServices(i) {
			all = append(all, Given{Person: i.Person, Member: "ANAPEC", Service: service, Date: i.Date, Marked: i.Place.Marked, Place: i.Place})
		}
	}
	return all
}

// insertionServices are the services an insertion stands for; an internship is
// none. An aided contract is a placement too.
func insertionServices(i Insertion) []pipeline.Service {
	var s []pipeline.Service
	switch i.Type {
	case "CONTRAT_AIDE":
		s = append(s, pipeline.AidedContract, pipeline.Placement)
	case "CDD", "CDI":
		s = append(s, pipeline.Placement)
	case "AUTO_ENTREPRENEUR":
		s = append(s, pipeline.AutoEntrepreneur)
	case "COOPERATIVE":
		s = append(s, pipeline.Cooperative)
	case "SARL":
		s = append(s, pipeline.LimitedCompany)
	}
	if i.Funded {
		s = append(s, pipeline.SelfEmploymentFunds)
	}
	return s
}
