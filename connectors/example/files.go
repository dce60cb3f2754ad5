package example

import (
	"fmt"

	"cp3/pipeline"
)

// agencyFiles are the workbooks of ANAPEC.
func agencyFiles(plan *Plan) []agencyFile {
	year := pipeline.Period{Year: 2020}
	file := func(name, delivery, saved string) File {
		return File{Path: "ANAPEC/" + name, Delivery: delivery, Saved: saved}
	}
	return []agencyFile{
		{File: file("Rabat/ANAPEC Rabat 2020 T1.xlsx", afterT1, "2020-04-07"), place: agencyRabat, when: quarter(1), hand: neat, twice: 2,
			lay: layout{titles: []string{"ANAPEC - Agence de Rabat", "Migrants et réfugiés - 1er trimestre 2020"}, logo: true, at: 5, freeze: true, filter: true}},
		{File: file("Rabat/ANAPEC Rabat 2020 T2.xlsx", afterT2, "2020-07-07"), place: agencyRabat, when: quarter(2), hand: neat, mac: true, lay: layout{freeze: true}},
		{File: file("Rabat/ANAPEC Rabat 2020 T3.xlsx", afterT3, "2020-10-06"), place: agencyRabat, when: quarter(3), hand: machine, words: shouted, twice: 1},
		{File: file("Rabat/ANAPEC Rabat 2020 T4.xlsx", afterT4, "2021-01-08"), place: agencyRabat, when: quarter(4), hand: neat, form: formStyle{extras: true},
			lay: layout{groups: true, titles: []string{"ANAPEC - Agence de Rabat - 4ème trimestre 2020"}}, then: func(ab *agencyBook) { ab.book.lists() }},
		{File: file("Casablanca/casa t1.xlsx", afterT1, "2020-04-09"), place: agencyCasa, when: quarter(1), hand: hasty, words: shortened, twice: 3,
			form: formStyle{quarter: "T%d 2020"}, renamed: map[string]string{"Inscriptions": "Liste des inscrits", "Accompagnement": "Prestations"}},
		{File: file("Casablanca/casa t2.xlsx", afterT2, "2020-07-09"), place: agencyCasa, when: quarter(2), hand: hasty, words: shortened,
			form: formStyle{totals: true}, lay: layout{filter: true}},
		{File: file("Casablanca/casa t3.xlsx", afterT3, "2020-10-08"), place: agencyCasa, when: quarter(3), hand: hasty.with(func(h *hand) { h.dates = asSlash }), words: shortened, order: papersFirst, twice: 2,
			lay: layout{titles: []string{"ANAPEC Casablanca"}, at: 30}, then: strayRegistrations(plan.Strays[7:])},
		{File: file("Casablanca/casa t4.xlsx", afterT4, "2021-01-11"), place: agencyCasa, when: quarter(4), hand: wordy.with(func(h *hand) { h.oddities = ZeroWidth }), words: reworded, order: serviceFirst},
		{File: file("Tanger 2020.xlsx", afterT4, "2021-01-06"), place: agencyTanger, when: year, hand: neat.with(func(h *hand) { h.nation, h.phone = nationISO2, phoneWorld }), twice: 1,
			lay: layout{blanks: 15, hide: []string{"doc_type"}}},
		{File: file("Oujda 2020.xlsx", afterT4, "2021-01-05"), place: agencyOujda, when: year, hand: shouting.with(func(h *hand) { h.dates = asSerial }), words: shouted, twice: 1, form: formStyle{totals: true}},
	}
}

// strayRegistrations adds registrations that can't be kept to an agency's list.
func strayRegistrations(of []*Person) func(*agencyBook) {
	return func(ab *agencyBook) {
		t := ab.lists["Inscriptions"]
		for i, p := range of {
			m := ab.hand.mention(p, ab.d)
			m["registration_number"], m["agency"] = str(fmt.Sprintf("CE-2020-%05d", 9000+i)), str(ab.c.place.Name)
			why := "date illisible"
			switch i % 3 {
			case 0:
				m["registration_date"] = str("32/08/2020")
			case 1:
				m["registration_date"] = str("courant août")
			default:
				m["registration_date"], why = value{kind: broken, habits: []Habit{ErrorCells}}, "cellule en erreur"
			}
			n := t.add(p, m)
			ab.log.Refused = append(ab.log.Refused, Refusal{Spot: Spot{ab.file.Path, t.l.sheet, n},
				Cell: pipeline.Ref(t.colOf("registration_date"), n), Why: why, Person: p.ID})
		}
	}
}

// otherBooks writes the workbooks of the members that keep one list, and those of
// the committees.
func otherBooks(plan *Plan, d *draw, log *Manifest) []*book {
	office := hand{capitals: allCapitals, plain: true, sex: sexFM, births: asSlash, nation: nationCapitals, phone: phonePlain, respell: 14}
	crafts := hand{capitals: familyCapitals, sex: sexArabic, dates: asSlash, births: asSlash, nation: nationCountry, respell: 16, marks: []string{"-"}}
	fund := neat.with(func(h *hand) { h.capitals, h.nation = usual, nationDemonym })
	mark := func(f listFile, year int) *book { return grantWorkbook(plan, f, year, d, log) }
	return []*book{
		traineeWorkbook(plan, listFile{File: File{Path: "OFPPT/Stagiaires migrants 2020.xlsx", Delivery: afterT4, Saved: "2020-12-31"}, hand: office,
			lay: layout{sheet: "Stagiaires", titles: []string{"OFPPT - Export des stagiaires étrangers - situation au 31/12/2020"}, filter: true}}, d, log),
		apprenticeWorkbook(plan, listFile{File: File{Path: "ARTISANAT/مندوبية سلا 2020.xlsx", Structure: "Délégation de Salé", Delivery: afterT4, Saved: "2021-01-07"},
			hand: arab.with(func(h *hand) { h.oddities, h.phone = Tatweel, phonePairs }), words: arabic,
			lay: layout{sheet: "المتدربون", titles: []string{"وزارة الصناعة التقليدية", "لائحة المتدربين المهاجرين 2020"}}}, []string{"Salé", "Rabat", "Témara"}, d, log),
		apprenticeWorkbook(plan, listFile{File: File{Path: "ARTISANAT/Délégation Casablanca 2020.xlsx", Structure: "Délégation de Casablanca", Delivery: afterT4, Saved: "2021-01-08"},
			hand: crafts, words: bilingual, lay: layout{sheet: "Apprentis", titles: []string{"Artisanat - apprentis migrants 2020"}, freeze: true}}, []string{"Casablanca", "Mohammedia"}, d, log),
		mark(listFile{File: File{Path: "AMAPPE/Bourses 2019.xlsx", Delivery: bilan2019, Saved: "2020-01-10"}, hand: fund,
			lay: layout{sheet: "Bourses", titles: []string{"AMAPPE - bourses de formation accordées en 2019"}}}, 2019),
		mark(listFile{File: File{Path: "AMAPPE/Bourses 2020.xlsx", Delivery: afterT4, Saved: "2021-01-09"}, hand: fund.with(func(h *hand) { h.sex = sexTitle }), words: shortened,
			lay: layout{sheet: "Boursiers", titles: []string{"AMAPPE - bourses de formation accordées en 2020"}, filter: true}}, 2020),
		committeeWorkbook(plan, rsk("CP3-RSK/CP3 RSK 2020 (1er semestre).xlsx", afterT2, "2020-07-09", 2), d, log),
		committeeWorkbook(plan, rsk("CP3-RSK/CP3 RSK 2020.xlsx", afterT4, "2021-01-11", 4), d, log),
		committeeWorkbook(plan, committeeFile{File: File{Path: "CP3-CS/Comité Casablanca-Settat 2020.xlsx", Delivery: afterT4, Saved: "2021-01-10"}, committee: 1, upTo: 4,
			hand: wordy, form: formStyle{title: "CP3 Casablanca-Settat"}, provinces: []string{"Casablanca", "Mohammedia"}, twoColumn: true, then: wrongTotal}, d, log),
	}
}

// rsk is the workbook of Rabat-Salé-Kénitra, filled in up to a quarter.
func rsk(path, delivery, saved string, upTo int) committeeFile {
	return committeeFile{File: File{Path: path, Delivery: delivery, Saved: saved}, committee: 0, upTo: upTo, hand: neat,
		form: formStyle{quarter: "Trimestre %d"}, provinces: []string{"Rabat", "Salé", "Skhirate-Témara", "Kénitra"}}
}

// wrongTotal retypes a total of the wide table over its formula, and wrongly.
func wrongTotal(cb *committeeBook) {
	const cell = "F5" // receptions of the first quarter in the first province
	q := cb.wideBy[0][0].by[1]
	right := q[0] + q[1]
	delete(cb.raw["Indicateurs"], cell)
	cb.put("Indicateurs", 6, 5, whole(right+5))
	cb.log.BadTotals = append(cb.log.BadTotals, BadTotal{Path: cb.file.Path, Sheet: "Indicateurs", Cell: cell, Written: right + 5, Sum: right})
}
