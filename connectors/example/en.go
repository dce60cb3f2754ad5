package example

import (
	"fmt"
	"sort"

	"cp3/pipeline"
)

// centreFile is one workbook of a centre of EN.
type centreFile struct {
	File
	place *Place
	when  pipeline.Period
	hand  hand
	words wording
	order order
	form  formStyle
	names sheetNames
	// lists tells how the two lists lie on their sheets.
	reception, training layout
	// twice is how many persons stand twice in each list.
	twice int
	// added: the quarter before is still on the sheets.
	added bool
	// noSummary: the focal point left the declared totals out.
	noSummary bool
	// overstated is added to the women received that the focal point declares.
	overstated int
	// before and then are what else was done to the rows and to the workbook.
	before, then func(*centreBook)
}

// sheetNames is what a clerk calls the sheets: form, receptions, training,
// declared totals.
type sheetNames struct{ form, reception, training, summary string }

var (
	plainNames  = sheetNames{"Identification", "Accueil", "Formation", "Synthèse"}
	arabicNames = sheetNames{"التعريف", "الاستقبال", "التكوين", "الخلاصة"}
)

// centreBook is a centre's workbook being written.
type centreBook struct {
	*book
	c          centreFile
	receptions []Reception
	enrolments []Enrolment
	accueil    *table
	formation  *table
}

var (
	receptionFields = []string{"reception_date", "informed_about", "referred_to", "referral_date"}
	trainingFields  = []string{"centre", "targeted", "stream", "technical", "school_year", "enrolment_date", "grant", "grant_body", "result", "end_date"}
)

// centreWorkbook writes a centre's workbook.
func centreWorkbook(plan *Plan, c centreFile, d *draw, log *Manifest) *book {
	c.Member, c.Structure, c.Period = "EN", c.place.Name, c.when.String()
	cb := &centreBook{book: newBook(c.File, c.hand, d, log), c: c}
	cb.habit(c.words.habit())
	if c.order != asTemplate {
		cb.habit(OtherOrder)
	}
	if c.names != plainNames && c.names != arabicNames {
		cb.habit(RenamedSheet)
	}
	cb.choose(plan)
	if c.before != nil {
		c.before(cb)
	}
	cb.form(c.names.form, c.form, formLines(c.hand.arabic, "centre", c.place, c.when))
	if c.when.Year > 2019 {
		cb.writeReceptions()
	}
	cb.writeTraining()
	if !c.noSummary {
		cb.declare()
	}
	if c.then != nil {
		c.then(cb)
	}
	return cb.book
}

// choose takes what belongs on this workbook's lists: what happened there in the
// period, and trainings that ended in it.
func (cb *centreBook) choose(plan *Plan) {
	in := cb.c.when.Contains
	if cb.c.added {
		before := pipeline.Period{Year: cb.c.when.Year, Quarter: cb.c.when.Quarter - 1}
		in = func(d pipeline.Date) bool { return cb.c.when.Contains(d) || before.Contains(d) }
		cb.habit(RowsAdded)
	}
	for _, r := range plan.Receptions {
		if r.Place == cb.c.place && in(r.Date) {
			cb.receptions = append(cb.receptions, r)
		}
	}
	for _, e := range plan.Enrolments {
		last := cb.c.when.Quarter == 4 || cb.c.when.Quarter == 0
		carried := e.Date.Year == 2019 && cb.c.when.Year == 2020 && (in(e.End) || e.End.IsZero() && last)
		if e.Place == cb.c.place && (in(e.Date) || carried) {
			cb.enrolments = append(cb.enrolments, e)
		}
	}
	sort.SliceStable(cb.receptions, func(i, j int) bool { return cb.receptions[i].Date.Compare(cb.receptions[j].Date) < 0 })
	sort.SliceStable(cb.enrolments, func(i, j int) bool { return cb.enrolments[i].Date.Compare(cb.enrolments[j].Date) < 0 })
}

var aboutTexts = map[string][2]string{"FP": {"Formation professionnelle", "التكوين المهني"}, "EMPLOI": {"Emploi", "التشغيل"},
	"AUTOEMPLOI": {"Auto-emploi", "التشغيل الذاتي"}, "FP_EMPLOI": {"FP et emploi", "التكوين المهني والتشغيل"}}

var towardTexts = map[string][2]string{"ANAPEC": {"ANAPEC", "أنابيك"}, "OFPPT": {"OFPPT", "مكتب التكوين المهني وإنعاش الشغل"},
	"ONG": {"Association", "جمعية أخرى"}, "HCR": {"HCR", "المفوضية السامية للأمم المتحدة لشؤون اللاجئين"}, "SPONTANE": {"Spontané", "من تلقاء نفسه"}, "EN": {"Entraide Nationale", "التعاون الوطني"}}

func (h hand) word(texts map[string][2]string, code string) value {
	if h.arabic {
		return str(texts[code][1])
	}
	return str(texts[code][0])
}

// receptionRow writes one reception.
func (cb *centreBook) receptionRow(r Reception) map[string]value {
	h := cb.hand
	m := h.mention(r.Person, cb.d)
	m["reception_date"] = h.day(r.Date)
	m["informed_about"] = h.word(aboutTexts, r.About)
	if r.ReferredTo == "" {
		m["referred_to"], m["referral_date"] = nothing(cb.d, h.marks), nothing(cb.d, h.marks)
		return m
	}
	m["referred_to"], m["referral_date"] = h.word(towardTexts, r.ReferredTo), h.day(r.Referred)
	return m
}

func (cb *centreBook) writeReceptions() {
	l := cb.c.reception
	l.sheet = cb.c.names.reception
	cols := columns(cb.c.words, cb.c.order, "Accueil et orientation", receptionFields, cb.extras()...)
	t := cb.table(l, cols)
	cb.accueil = t
	month, from, n := 0, t.row, 0
	for _, r := range cb.receptions {
		if cb.c.form.subtotals && month != 0 && month != r.Date.Month {
			t.total("Sous-total "+shortMonths[month-1], SubtotalRows, from, t.n-n)
			from, n = t.row, t.n
		}
		month = r.Date.Month
		t.add(r.Person, cb.receptionRow(r))
	}
	for i := range min(cb.c.twice, len(cb.receptions)) {
		r := cb.receptions[(i*5+2)%len(cb.receptions)]
		t.add(r.Person, cb.receptionRow(r))
	}
	cb.totalRow(t)
	t.end()
}

// totalRow ends a list with a total, where the focal point likes them.
func (cb *centreBook) totalRow(t *table) {
	switch {
	case cb.c.form.subtotals:
		t.total("TOTAL GENERAL", TotalRows, t.top+1, t.n)
	case cb.c.form.totals && cb.hand.arabic:
		t.total("المجموع", ArabicTotals, t.top+1, t.n)
	case cb.c.form.totals:
		t.total("Total", TotalRows, t.top+1, t.n)
	}
}

func (cb *centreBook) extras() []string {
	if cb.c.form.extras {
		cb.habit(ExtraColumns)
		return []string{"n", "remarks"}
	}
	return nil
}

var resultTexts = map[Result][2]string{Passed: {"Réussite", "نجاح"}, Left: {"Abandon", "انقطاع"}, Failed: {"Ajourné", "راسب"}, Ongoing: {"En cours", "في طور التكوين"}}

// trainingRow writes one enrolment; its result too, once the year is over.
func (cb *centreBook) trainingRow(e Enrolment) map[string]value {
	h := cb.hand
	m := h.mention(e.Person, cb.d)
	m["centre"] = str(e.Place.Name)
	m["targeted"], m["technical"] = h.answer(e.Place.Marked), h.answer(e.Technical)
	m["stream"] = str(e.Stream)
	if h.arabic {
		m["centre"], m["stream"] = str(centreArabic[e.Place.Name]), str(streamArabic[e.Stream])
	}
	year := e.Date.Year
	if e.Date.Month < 8 {
		year--
	}
	m["school_year"] = str(fmt.Sprintf("%d-%d", year, year+1))
	m["enrolment_date"] = h.day(e.Date)
	m["grant"] = h.answer(e.Grant != "")
	if e.Grant == "" {
		m["grant_body"] = nothing(cb.d, h.marks)
	} else {
		m["grant_body"] = str(e.Grant)
	}
	if cb.c.when.Year == 2020 {
		cb.outcome(m, e)
	}
	return m
}

// outcome writes the result as it is known at the end of the period.
func (cb *centreBook) outcome(m map[string]value, e Enrolment) {
	r := e.Result
	if e.End.Compare(cb.c.when.Last()) > 0 {
		r = Ongoing
	}
	i := 0
	if cb.hand.arabic {
		i = 1
	}
	m["result"] = str(resultTexts[r][i])
	if r == Passed && !cb.hand.arabic {
		m["result"] = str([]string{"Réussite", "Admise", "Admis"}[map[pipeline.Sex]int{pipeline.Women: 1, pipeline.Men: 2}[e.Person.Sex]])
	}
	if r == Passed || r == Left {
		m["end_date"] = cb.hand.day(e.End)
	}
}

// The Arabic words of centres and streams.
var (
	centreArabic = map[string]string{"CEF Hay Salam": "مركز التربية والتكوين حي السلام"}
	streamArabic = map[string]string{"Coiffure": "الحلاقة", "Couture": "الخياطة", "Cuisine": "الطبخ", "Pâtisserie": "الحلويات", "Esthétique": "التجميل",
		"Coupe et couture": "الخياطة", "Broderie": "الطرز", "Restauration": "خدمات المطاعم", "Électricité de bâtiment": "كهرباء البناء", "Informatique": "المعلوميات"}
)

func (cb *centreBook) writeTraining() {
	l := cb.c.training
	l.sheet = cb.c.names.training
	if l.groups && cb.hand.arabic {
		l.groups = false
	}
	cols := columns(cb.c.words, cb.c.order, "Formation professionnelle", trainingFields, cb.extras()...)
	t := cb.table(l, cols)
	cb.formation = t
	rows := cb.enrolments
	if cb.c.form.copied && len(rows) > 8 { // the second half went on a copy of the sheet
		rows = rows[:len(rows)/2]
	}
	for i, e := range rows {
		if cb.c.form.second && i == len(rows)/2 {
			t.again("2ème groupe")
		}
		t.add(e.Person, cb.trainingRow(e))
	}
	for i := range min(cb.c.twice, len(rows)) {
		e := rows[(i*7+3)%len(rows)]
		t.add(e.Person, cb.trainingRow(e))
	}
	cb.totalRow(t)
	t.end()
	if len(rows) < len(cb.enrolments) {
		cb.habit(DuplicatedSheet)
		l.sheet += " (2)"
		t = cb.table(l, cols)
		for _, e := range cb.enrolments[len(rows):] {
			t.add(e.Person, cb.trainingRow(e))
		}
		t.end()
	}
}

// figure is a declared total: an indicator with its women and men.
type figure struct {
	code, label string
	women, men  int
}

// totals counts, as the focal point would, the distinct persons of the lists
// whose date is in the period.
func (cb *centreBook) totals() []figure {
	in := cb.c.when.Contains
	received, referred, enrolled, passed, granted := persons{}, persons{}, persons{}, persons{}, persons{}
	for _, r := range cb.receptions {
		received.add(r.Person, in(r.Date))
		referred.add(r.Person, r.ReferredTo == "ANAPEC" && in(r.Referred))
	}
	for _, e := range cb.enrolments {
		enrolled.add(e.Person, e.Place.Marked && in(e.Date))
		granted.add(e.Person, e.Grant != "" && in(e.Date))
		passed.add(e.Person, e.Result == Passed && in(e.End))
	}
	f := []figure{received.figure("1.1", "Nombre de migrants accueillis"), enrolled.figure("1.2", "Nombre de migrants inscrits en FP"),
		referred.figure("1.4", "Référés à l'ANAPEC"), passed.figure("1.7", "Formations finalisées avec succès"), granted.figure("1.8", "Nombre de boursiers")}
	switch {
	case cb.c.when.Year == 2019:
		return []figure{f[1], f[4]}
	case !cb.c.place.Marked:
		return f[:1]
	}
	return f
}

// declare writes the totals, and notes the one that isn't its list's.
func (cb *centreBook) declare() {
	f := cb.totals()
	if n := cb.c.overstated; n > 0 {
		cb.log.Disagree = append(cb.log.Disagree, Difference{Spot: Spot{cb.file.Path, cb.c.names.summary, 2}, Code: f[0].code,
			Listed: f[0].women + f[0].men, Declared: f[0].women + f[0].men + n})
		f[0].women += n
	}
	cb.summary(cb.c.names.summary, cb.c.words, f)
}

// persons is a set of persons.
type persons map[*Person]bool

func (s persons) add(p *Person, yes bool) {
	if yes {
		s[p] = true
	}
}

func (s persons) figure(code, label string) figure {
	f := figure{code: code, label: label}
	for p := range s {
		if p.Sex == pipeline.Women {
			f.women++
		} else {
			f.men++
		}
	}
	return f
}
