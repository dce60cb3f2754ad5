package example

import (
	"fmt"
	"strings"

	"cp3/pipeline"
)

// listFile is a workbook with a single nominative list, of a member that keeps
// one: OFPPT, Artisanat, AMAPPE.
type listFile struct {
	File
	hand  hand
	words wording
	order order
	lay   layout
	then  func(*book, *table)
}

// traineeWorkbook is the export of OFPPT's own system: its headers, its codes,
// names in one column, birth dates as text.
func traineeWorkbook(plan *Plan, c listFile, d *draw, log *Manifest) *book {
	c.Member, c.Structure, c.Period = "OFPPT", "OFPPT", "2020"
	b := newBook(c.File, c.hand, d, log)
	cols := []column{{field: "trainee_number", head: "Matricule"}, {field: "full_name", head: "Nom et prénom", width: 32}, {field: "sex", head: "Genre", width: 7},
		{field: "birth_date", head: "Date naiss."}, {field: "nationality", head: "Pays", width: 22}, {field: "doc_type", head: "Type de pièce"}, {field: "doc_number", head: "N° pièce", width: 17},
		{field: "phone", head: "Tél."}, {field: "locality", head: "Ville"}, {field: "establishment", head: "Établissement", width: 30}, {field: "stream", head: "Filière", width: 24},
		{field: "level", head: "Niveau", width: 8}, {field: "mode", head: "Mode"}, {field: "school_year", head: "Année de formation"}, {field: "result", head: "Résultat"}}
	t := b.table(c.lay, cols)
	write := func(x Trainee) {
		m := b.hand.mention(x.Person, b.d)
		m["trainee_number"], m["establishment"], m["stream"] = str(x.Number, NumbersAsText), str(x.Establishment), str(x.Stream)
		m["level"], m["mode"] = str(x.Level), str(x.Mode)
		m["school_year"] = str(fmt.Sprintf("%d-%d", x.FirstYear, x.FirstYear+1))
		m["result"] = str(map[Result]string{Passed: "Admis", Failed: "Ajourné", Left: "Abandon"}[x.Result])
		t.add(x.Person, m)
	}
	for _, x := range plan.Trainees {
		write(x)
	}
	for _, i := range []int{12, 47} { // exported twice
		write(plan.Trainees[i])
	}
	t.end()
	if c.then != nil {
		c.then(b, t)
	}
	return b
}

var apprenticeFields = []string{"trade", "workshop", "master", "start_date", "finish_date", "result"}

// apprenticeWorkbook is one delegation's list of apprentices.
func apprenticeWorkbook(plan *Plan, c listFile, cities []string, d *draw, log *Manifest) *book {
	c.Member, c.Period = "ARTISANAT", "2020"
	b := newBook(c.File, c.hand, d, log)
	b.habit(c.words.habit())
	b.form("Identification", formStyle{title: "Direction de la formation - وزارة الصناعة التقليدية"}, []line{
		{"Direction / délégation - المندوبية", str(c.Structure)}, {"Année - السنة", whole(2020)}, {"Point focal - نقطة الاتصال", str("Point focal de la délégation")}})
	t := b.table(c.lay, columns(c.words, c.order, "Apprentissage", apprenticeFields))
	for _, a := range plan.Apprentices {
		if strings.Contains(strings.Join(cities, "|"), a.Person.City) {
			t.add(a.Person, b.apprenticeRow(a))
		}
	}
	if c.words == arabic {
		t.total("المجموع", ArabicTotals, t.top+1, t.n)
	}
	t.end()
	if c.then != nil {
		c.then(b, t)
	}
	return b
}

var tradeArabic = map[string]string{"Poterie": "الفخار", "Couture traditionnelle": "الخياطة التقليدية", "Zellige": "الزليج", "Broderie": "الطرز", "Bijouterie": "الحلي", "Maroquinerie": "المصنوعات الجلدية"}

func (b *book) apprenticeRow(a Apprentice) map[string]value {
	m := b.hand.mention(a.Person, b.d)
	m["trade"], m["workshop"], m["master"] = str(a.Trade), str(a.Centre), str(a.Master)
	i := 0
	if b.hand.arabic {
		i = 1
		m["trade"] = str(tradeArabic[a.Trade])
	}
	m["start_date"], m["finish_date"] = b.hand.day(a.Start), b.hand.day(a.End)
	m["result"] = str(resultTexts[a.Result][i])
	return m
}

var grantFields = []string{"training_body", "amount", "start_date", "months"}

// grantWorkbook is AMAPPE's list of the grants of a year.
func grantWorkbook(plan *Plan, c listFile, year int, d *draw, log *Manifest) *book {
	c.Member, c.Structure, c.Period = "AMAPPE", "AMAPPE", fmt.Sprint(year)
	b := newBook(c.File, c.hand, d, log)
	b.habit(c.words.habit())
	t := b.table(c.lay, columns(c.words, c.order, "Bourse", grantFields))
	var of []Award
	for _, a := range plan.Awards {
		if a.Date.Year == year {
			of = append(of, a)
		}
	}
	write := func(a Award, i int) {
		m := b.hand.mention(a.Person, b.d)
		m["training_body"], m["months"] = str(a.Body.Name), whole(a.Months)
		m["amount"] = dirhams(a.Amount, i)
		m["start_date"] = b.hand.day(a.Date)
		if i%9 == 5 { // only the month is known
			m["start_date"] = written(pipeline.Date{Year: a.Date.Year, Month: a.Date.Month}, asMonth)
		}
		t.add(a.Person, m)
	}
	for i, a := range of {
		write(a, i)
	}
	for _, i := range []int{3, 21} {
		write(of[i], 0)
	}
	t.end()
	if c.then != nil {
		c.then(b, t)
	}
	return b
}

// dirhams writes an amount: a number, or the text people copy from a letter.
func dirhams(amount float64, i int) value {
	switch i % 7 {
	case 2:
		return str(fmt.Sprintf("%.0f,50", amount), FrenchDecimals)
	case 4:
		return str(fmt.Sprintf("1\u202f%03.0f,00", amount), SpacedNumbers, FrenchDecimals)
	case 5:
		return str(fmt.Sprintf("%.0f\u00a0DH", amount))
	}
	return num(amount)
}
