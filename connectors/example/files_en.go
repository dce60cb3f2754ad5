package example

import (
	"fmt"

	"cp3/pipeline"
)

// The days files appear in the folder: the nights that a demo plays.
const (
	bilan2019  = "2020-01-15"
	afterT1    = "2020-04-10"
	afterT2    = "2020-07-10"
	nextDay    = "2020-07-13" // a file of July dropped again
	afterT3    = "2020-10-09"
	correction = "2020-11-05"
	late       = "2020-12-18"
	afterT4    = "2021-01-12"
)

// The hands of the focal points.
var (
	neat     = hand{sex: sexFH, marks: []string{"-"}, respell: 16}
	shouting = hand{capitals: allCapitals, plain: true, sex: sexFM, dates: asSlash, births: asSlash, nation: nationCapitals, phone: phonePlain,
		marks: []string{"-", "NR"}, yes: "OUI", no: "NON", respell: 22}
	wordy = hand{capitals: usual, sex: sexWords, dates: asNamed, births: asSlash, nation: nationDemonym, phone: phoneWorld,
		marks: []string{"néant", "n/a"}, yes: "Oui", no: "Non", respell: 20}
	arab = hand{arabic: true, capitals: usual, sex: sexArabic, dates: asArabic, births: asArabic, nation: nationArabic, phone: phoneArabic,
		marks: []string{"-"}, yes: "نعم", no: "لا", respell: 15}
	hasty = hand{capitals: noCapitals, plain: true, sex: sexLower, dates: asShort, births: asSlash, nation: nationDemonym, phone: phoneDots,
		marks: []string{"?", "/"}, yes: "o", no: "n", respell: 26}
	machine = hand{capitals: allCapitals, plain: true, sex: sexDigits, dates: asISO, births: asISO, nation: nationISO3, phone: phoneNumber,
		marks: []string{"RAS"}, yes: "1", no: "0", respell: 14}
)

func quarter(q int) pipeline.Period { return pipeline.Period{Year: 2020, Quarter: q} }

// with is a hand that changed in one thing.
func (h hand) with(change func(*hand)) hand {
	change(&h)
	return h
}

func titles(s ...string) layout { return layout{titles: s} }

// centreFiles are the workbooks of EN, centre by centre.
func centreFiles(plan *Plan) []centreFile {
	year := pipeline.Period{Year: 2019}
	files := []centreFile{
		{File: File{Path: "EN/2019/CFA Akkari 2019.xlsx", Delivery: bilan2019, Saved: "2020-01-09"}, place: akkari, when: year, hand: neat,
			names: plainNames, twice: 1, form: formStyle{title: "Entraide Nationale - fiche de la structure", totals: true},
			training: layout{titles: []string{"Entraide Nationale", "Liste des inscrits - CFA Akkari - 2019"}, logo: true, at: 5, freeze: true, filter: true}},
		{File: File{Path: "EN/2019/CEF HAY SALAM BILAN 2019.xlsx", Delivery: bilan2019, Saved: "2020-01-13"}, place: haySalam, when: year, hand: shouting,
			words: shouted, names: sheetNames{"Identification", "Accueil", "FORMATION", "Synthèse"}, form: formStyle{yearText: true}},
		{File: File{Path: "EN/2019/inscrits_hay_mohammadi_2019.xlsx", Delivery: bilan2019, Saved: "2020-01-14"}, place: hayMohamadi, when: year, hand: wordy,
			words: reworded, names: plainNames, noSummary: true, twice: 1, form: formStyle{col: 2, gap: 1},
			training: layout{titles: []string{"Centre de formation par apprentissage Hay Mohammadi", "Migrants inscrits en formation en 2019"}, at: 14}},
	}
	files = append(files, akkariFiles(plan)...)
	files = append(files, haySalamFiles()...)
	files = append(files, hayMohamadiFiles(plan)...)
	return append(files, smallCentreFiles()...)
}

func akkariFiles(plan *Plan) []centreFile {
	t3 := centreFile{place: akkari, when: quarter(3), hand: neat.with(func(h *hand) { h.dates, h.births = asSlash, asSlash }), names: plainNames, twice: 2,
		form: formStyle{title: "Entraide Nationale"}, reception: titles("Accueil - 3ème trimestre 2020"), training: titles("Formation - 3ème trimestre 2020")}
	first, second := t3, t3
	first.File = File{Path: "EN/2020/CFA Akkari T3 2020.xlsx", Delivery: afterT3, Saved: "2020-10-07"}
	first.before, first.then = spoil, strays(plan.Strays[:2], map[int]fault{0: faultDate, 1: faultError})
	second.File = File{Path: "EN/2020/CFA Akkari T3 2020 corrigé.xlsx", Delivery: correction, Saved: "2020-11-04"}
	return []centreFile{
		{File: File{Path: "EN/2020/CFA Akkari T1 2020.xlsx", Delivery: afterT1, Saved: "2020-04-08"}, place: akkari, when: quarter(1), hand: neat, names: plainNames, twice: 1,
			form:      formStyle{title: "Entraide Nationale - fiche de la structure"},
			reception: layout{titles: []string{"Accueil - T1 2020"}, freeze: true}, training: layout{groups: true, titles: []string{"Formation - T1 2020"}, freeze: true}},
		{File: File{Path: "EN/2020/CFA Akkari T2 2020.xlsx", Delivery: afterT2, Saved: "2020-07-06"}, place: akkari, when: quarter(2),
			hand: neat.with(func(h *hand) { h.dates = asISO }), words: shortened, names: plainNames, form: formStyle{quarter: "2ème trimestre"}},
		first, second,
		{File: File{Path: "EN/2020/CFA Akkari T4 2020.xlsx", Delivery: afterT4, Saved: "2021-01-08"}, place: akkari, when: quarter(4), hand: neat, names: plainNames, twice: 2, overstated: 7,
			form:      formStyle{title: "Entraide Nationale", subtotals: true, extras: true},
			reception: layout{titles: []string{"ENTRAIDE NATIONALE", "CFA Akkari - personnes accueillies - 4ème trimestre 2020"}, logo: true, at: 5}, training: titles("Formation - 4ème trimestre 2020")},
	}
}

func haySalamFiles() []centreFile {
	return []centreFile{
		{File: File{Path: "EN/2020/مركز حي السلام الفصل الأول 2020.xlsx", Delivery: afterT1, Saved: "2020-04-06"}, place: haySalam, when: quarter(1), hand: arab, words: arabic,
			names: arabicNames, twice: 1, form: formStyle{totals: true}, reception: titles("لائحة الاستقبال - الفصل الأول 2020"), training: titles("لائحة المسجلين في التكوين")},
		{File: File{Path: "EN/2020/CEF HAY SALAM T2.xlsx", Delivery: afterT2, Saved: "2020-07-08"}, place: haySalam, when: quarter(2), hand: shouting, words: shouted,
			names: sheetNames{"Identification", "ACCUEIL", "FORMATION", "Synthèse"}, form: formStyle{yearText: true, quarter: "2ème trimestre"}},
		{File: File{Path: "EN/2020/CEF HAY SALAM T3.xlsx", Delivery: afterT3, Saved: "2020-10-06"}, place: haySalam, when: quarter(3), hand: shouting, words: shouted,
			names: plainNames, form: formStyle{copied: true, quarter: "%d"}, reception: layout{freeze: true}},
		{File: File{Path: "EN/2020/CEF HAY SALAM T4.xlsx", Delivery: afterT4, Saved: "2021-01-11"}, place: haySalam, when: quarter(4), hand: shouting, words: shouted,
			names: plainNames, added: true, twice: 1, reception: layout{blanks: 7}},
	}
}

func hayMohamadiFiles(plan *Plan) []centreFile {
	return []centreFile{
		{File: File{Path: "EN/2020/Casablanca/Hay Mohammadi 1er trim 2020.xlsx", Delivery: afterT1, Saved: "2020-04-09"}, place: hayMohamadi, when: quarter(1), hand: wordy,
			words: reworded, order: serviceFirst, names: plainNames, twice: 1, form: formStyle{col: 2, gap: 1},
			reception: layout{titles: []string{"Personnes accueillies", "1er trimestre 2020"}, at: 12}, training: layout{left: 1}},
		{File: File{Path: "EN/2020/Casablanca/Hay Mohammadi 2e trim 2020.xlsx", Delivery: afterT2, Saved: "2020-07-07"}, place: hayMohamadi, when: quarter(2), hand: wordy.with(func(h *hand) { h.dates = asFormula }),
			words: reworded, names: plainNames, form: formStyle{}, reception: layout{filter: true, freeze: true}, training: layout{filter: true},
			then: func(cb *centreBook) { cb.accueil.hideRows(4) }},
		{File: File{Path: "EN/2020/Casablanca/hay mohammadi T3.xlsx", Delivery: late, Saved: "2020-12-17"}, place: hayMohamadi, when: quarter(3), hand: hasty.with(func(h *hand) { h.sex = sexGirl }),
			words: shortened, names: sheetNames{"Identification", "Liste d'accueil", "Inscrits FP", "Récap"}, twice: 2, form: formStyle{extras: true}},
		{File: File{Path: "EN/2020/Casablanca/Hay Mohammadi 4e trim 2020.xlsx", Delivery: afterT4, Saved: "2021-01-07"}, place: hayMohamadi, when: quarter(4), hand: wordy.with(func(h *hand) { h.dates = asSlash }),
			words: reworded, order: serviceFirst, names: plainNames, twice: 2,
			then: func(cb *centreBook) {
				doubts(cb)
				strays(plan.Strays[2:7], map[int]fault{0: faultDate, 1: faultError, 2: faultFormula, 3: faultName, 4: faultNoDate})(cb)
			}},
	}
}

func smallCentreFiles() []centreFile {
	tidy := neat.with(func(h *hand) { h.capitals, h.nation, h.phone = usual, nationISO2, phonePlain })
	year := pipeline.Period{Year: 2020}
	return []centreFile{
		{File: File{Path: "EN/2020/Temara T1.xlsx", Delivery: afterT1, Saved: "2020-04-03"}, place: temara, when: quarter(1), hand: tidy, order: papersFirst, names: plainNames,
			training: layout{hide: []string{"doc_type", "phone"}}},
		{File: File{Path: "EN/2020/Temara T3.xlsx", Delivery: afterT3, Saved: "2020-10-05"}, place: temara, when: quarter(3), hand: tidy, order: papersFirst, names: plainNames,
			training: layout{hide: []string{"doc_type"}}, twice: 1},
		{File: File{Path: "EN/2020/Temara T4.xlsx", Delivery: afterT4, Saved: "2021-01-06"}, place: temara, when: quarter(4), hand: tidy, names: plainNames, form: formStyle{second: true}},
		{File: File{Path: "EN/2020/autres centres/Kénitra 2020.xlsx", Delivery: afterT4, Saved: "2021-01-05"}, place: kenitra, when: year, hand: wordy.with(func(h *hand) { h.sex, h.dates = sexTitle, asSlashBlank }),
			words: reworded, names: plainNames, reception: layout{blanks: 10}, training: layout{left: 2, at: 4}, twice: 1},
		{File: File{Path: "EN/2020/autres centres/CEF Tanger 2020.xlsx", Delivery: afterT4, Saved: "2021-01-04"}, place: tanger, when: year, hand: neat.with(func(h *hand) { h.oddities = Decomposed }),
			names: sheetNames{"Fiche d'identification", "Accueils", "Formations", "Récapitulatif"}, then: recap},
	}
}

// spoil is what the first submission got wrong: six receptions forgotten, and
// four persons said to have passed who had only just begun.
func spoil(cb *centreBook) {
	cb.receptions = cb.receptions[:len(cb.receptions)-6]
	n := 0
	for i := range cb.enrolments {
		if e := &cb.enrolments[i]; e.Date.Year == 2020 && n < 4 {
			e.Result, e.End = Passed, day(2020, 9, 28)
			n++
		}
	}
}

// fault is what makes a row unreadable.
type fault uint8

const (
	faultDate    fault = iota // a day that doesn't exist
	faultError                // #REF!
	faultFormula              // never calculated
	faultName                 // nobody's row
	faultNoDate               // the one required date is missing
)

// strays adds rows of persons who are listed nowhere else, each with a fault for
// which it must be refused.
func strays(of []*Person, faults map[int]fault) func(*centreBook) {
	return func(cb *centreBook) {
		for i, p := range of {
			e := Enrolment{Person: p, Place: cb.c.place, Date: addDays(cb.c.when.First(), 20+i), Stream: enStreams[i], Result: Ongoing}
			row := cb.trainingRow(e)
			field, why := "enrolment_date", ""
			switch faults[i] {
			case faultDate:
				row[field], why = str("31/09/2020"), "jour qui n'existe pas"
			case faultError:
				row[field], why = value{kind: broken, habits: []Habit{ErrorCells}}, "cellule en erreur"
			case faultFormula:
				row[field], why = value{kind: uncomputed, formula: "DATE(2020,10,5)", habits: []Habit{UncachedFormula}}, "formule jamais calculée"
			case faultName:
				field, why = "family_name", "nom absent"
				row[field], row["given_name"] = value{}, value{}
			case faultNoDate:
				row[field], why = value{}, "date d'inscription absente"
			}
			n := cb.formation.add(p, row)
			cb.log.Refused = append(cb.log.Refused, Refusal{Spot: Spot{cb.file.Path, cb.c.names.training, n},
				Cell: pipeline.Ref(cb.formation.colOf(field), n), Why: why, Person: p.ID})
		}
	}
}

// doubts retypes two answers, on rows otherwise good, into words no list knows.
func doubts(cb *centreBook) {
	t := cb.formation
	for i, doubt := range []struct{ field, text, why string }{{"nationality", "africaine", "nationalité inconnue"}, {"result", "à voir", "résultat inconnu"}} {
		at := len(cb.enrolments) - 1 - i // the last ones have only begun: they have no result to lose
		row, col := t.top+1+at, t.colOf(doubt.field)
		cb.put(t.l.sheet, col, row, str(doubt.text))
		cb.log.Doubtful = append(cb.log.Doubtful, Refusal{Spot: Spot{cb.file.Path, t.l.sheet, row},
			Cell: pipeline.Ref(col, row), Why: doubt.why, Person: cb.enrolments[at].Person.ID})
	}
}

// recap writes a small table of the focal point's own under the list.
func recap(cb *centreBook) {
	cb.habit(SecondTable)
	t, n := cb.formation, map[string]int{}
	var order []string
	for _, e := range cb.enrolments {
		c := names().Nationalities[e.Person.Nationality].Country
		if n[c] == 0 {
			order = append(order, c)
		}
		n[c]++
	}
	row := t.row + 3
	cb.put(t.l.sheet, 2, row, str("Répartition par pays"))
	for i, c := range order {
		cb.put(t.l.sheet, 2, row+1+i, str(c))
		cb.put(t.l.sheet, 3, row+1+i, whole(n[c]))
	}
	cb.put(t.l.sheet, 2, row+1+len(order), str("Total"))
	cb.put(t.l.sheet, 3, row+1+len(order), sum(fmt.Sprintf("SUM(C%d:C%d)", row+1, row+len(order)), len(cb.enrolments)))
}
