package example

import (
	"fmt"

	"cp3/pipeline"
)

// Company is a company approached. One written twice keeps its ICE number.
type Company struct {
	Name   string
	ICE    string
	City   string
	By     string // ANAPEC or REMESS
	Agency *Place
	Date   pipeline.Date
}

// companies approaches 40 companies, 15 by ANAPEC and 25 by REMESS; three are
// noted by both agencies. Nobody asked for an aided contract; whether they
// recruited was never written down.
func companies(d *draw) []Company {
	first := []string{"Atlas", "Bouregreg", "Chaouia", "Sebou", "Zaër", "Oulja", "Anfa", "Doukkala"}
	trade := []string{"Textile", "Services", "Hôtellerie", "Logistique", "Distribution"}
	var all []Company
	for i := range 40 {
		c := Company{Name: first[i%8] + " " + trade[i/8], ICE: ice(d, i), City: "Rabat", By: "REMESS", Agency: agencyRabat, Date: d.workday(day(2020, 1, 13), day(2020, 12, 11))}
		if i%2 == 1 {
			c.City, c.Agency = "Casablanca", agencyCasa
		}
		if i%8 < 3 {
			c.By = "ANAPEC"
		}
		all = append(all, c)
	}
	for _, i := range []int{4, 17, 30} {
		c := all[i]
		c.Name += " SARL"
		c.Agency = map[*Place]*Place{agencyRabat: agencyCasa, agencyCasa: agencyRabat}[c.Agency]
		c.Date = d.workday(c.Date, day(2020, 12, 18))
		all = append(all, c)
	}
	return all
}

// ice is a company number: nine digits of a series that starts with 0099, four
// of the establishment, two that make the whole a multiple of 97.
func ice(d *draw, i int) string {
	body := fmt.Sprintf("0099%03d%02d0001", i*7+11, d.n(100))
	rest := 0
	for _, c := range body + "00" {
		rest = (rest*10 + int(c-'0')) % 97
	}
	return body + fmt.Sprintf("%02d", (97-rest)%97)
}

// Meeting is how many focal points, women and men, each invited institution sent.
type Meeting struct {
	Date    pipeline.Date
	Present [][2]int // in the order of Committee.Invited
}

// Session is a training session for the members of a committee.
type Session struct {
	Theme        string
	Date         pipeline.Date
	Institutions []string
	Women, Men   int
	Pre, Post    float64 // mean marks out of 20
	Respondents  int
	Satisfied    int
}

// Committee is a regional committee's year.
type Committee struct {
	Member   pipeline.Member
	Region   string
	Invited  []string // institutions, in the order of the columns
	Meetings []Meeting
	Sessions []Session
	// Rates are the values it declares at the end of the year, by indicator.
	Rates map[string]float64
}

// committees lays down the meetings, sessions and rates of the two committees.
// They are chosen, not drawn: the least presence of a state institution is six
// on average, trainings raise marks by 54 %, and rates average to the report's.
func committees() []Committee {
	rsk := Committee{Member: "CP3-RSK", Region: "Rabat-Salé-Kénitra",
		Invited: []string{"Entraide Nationale", "ANAPEC", "OFPPT", "Artisanat", "AMAPPE", "REMESS"},
		Meetings: []Meeting{
			meeting(day(2020, 1, 22), [2]int{5, 4}, [2]int{4, 3}, [2]int{3, 4}, [2]int{2, 3}, [2]int{1, 0}, [2]int{1, 1}),
			meeting(day(2020, 6, 25), [2]int{4, 4}, [2]int{4, 4}, [2]int{2, 4}, [2]int{2, 2}, [2]int{0, 1}, [2]int{1, 0}),
			meeting(day(2020, 9, 17), [2]int{5, 5}, [2]int{3, 4}, [2]int{3, 3}, [2]int{3, 2}, [2]int{1, 1}, [2]int{0, 0}),
			meeting(day(2020, 12, 3), [2]int{6, 3}, [2]int{4, 3}, [2]int{3, 2}, [2]int{2, 2}, [2]int{1, 0}, [2]int{1, 1}),
		},
		Sessions: []Session{
			{"Droits des migrants et accès à la formation", day(2020, 2, 12), []string{"Entraide Nationale", "ANAPEC", "OFPPT", "AMAPPE"}, 11, 9, 9.5, 14.7, 18, 18},
			{"Approche genre dans l'accompagnement", day(2020, 10, 8), []string{"Entraide Nationale", "ANAPEC", "Artisanat", "REMESS"}, 14, 6, 10.5, 16.1, 20, 20},
		},
		Rates: map[string]float64{"2.4": 50, "2.5": 0, "3.2": 60, "3.6": 45},
	}
	cs := Committee{Member: "CP3-CS", Region: "Casablanca-Settat",
		Invited: []string{"Entraide Nationale", "ANAPEC", "OFPPT", "Artisanat", "CARE", "REMESS"},
		Meetings: []Meeting{
			meeting(day(2020, 2, 5), [2]int{4, 4}, [2]int{3, 4}, [2]int{4, 3}, [2]int{2, 3}, [2]int{1, 1}, [2]int{1, 0}),
			meeting(day(2020, 7, 9), [2]int{3, 4}, [2]int{3, 3}, [2]int{3, 3}, [2]int{3, 2}, [2]int{0, 0}, [2]int{1, 1}),
			meeting(day(2020, 11, 19), [2]int{4, 5}, [2]int{4, 3}, [2]int{4, 3}, [2]int{3, 3}, [2]int{1, 0}, [2]int{2, 0}),
		},
		Sessions: []Session{
			{"Contrats aidés et droit du travail", day(2020, 3, 4), []string{"ANAPEC", "OFPPT", "Ministère du Travail"}, 8, 12, 10, 15.4, 17, 17},
			{"Collecte et échange de données", day(2020, 11, 25), []string{"Entraide Nationale", "ANAPEC", "OFPPT", "Artisanat", "CARE"}, 9, 11, 10, 15.4, 19, 19},
		},
		Rates: map[string]float64{"2.4": 30, "2.5": 0, "3.2": 40, "3.6": 55},
	}
	return []Committee{rsk, cs}
}

func meeting(date pipeline.Date, present ...[2]int) Meeting { return Meeting{date, present} }
