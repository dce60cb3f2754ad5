package example

import (
	"sort"

	"cp3/pipeline"
)

// agencyFile is one workbook of an agency of ANAPEC.
type agencyFile struct {
	File
	place *Place
	when  pipeline.Period
	hand  hand
	words wording
	order order
	form  formStyle
	mac   bool
	lay   layout // of each list; its sheet name is set by the writer
	twice int
	// renamed gives other names to sheets, by the template's name.
	renamed map[string]string
	// then is what else was done to the workbook.
	then func(*agencyBook)
}

// agencyBook is an agency's workbook being written.
type agencyBook struct {
	*book
	c         agencyFile
	numbers   map[*Person]string
	companies []Company
	lists     map[string]*table
}

var (
	registrationFields = []string{"registration_number", "agency", "registration_date", "referred_by"}
	supportFields      = []string{"registration_number", "agency", "support_type", "support_service", "support_date"}
	placementFields    = []string{"registration_number", "agency", "placement_type", "placement_date", "employer", "financed", "viable", "viability_date"}
	companyFields      = []string{"company_name", "ice", "locality", "approach_date", "approached_by", "asked_contract", "recruited_women", "recruited_men"}
)

// agencyWorkbook writes an agency's workbook.
func agencyWorkbook(plan *Plan, c agencyFile, d *draw, log *Manifest) *book {
	c.Member, c.Structure, c.Period = "ANAPEC", c.place.Name, c.when.String()
	ab := &agencyBook{book: newBook(c.File, c.hand, d, log), c: c, numbers: map[*Person]string{}, lists: map[string]*table{}}
	ab.mac = c.mac
	ab.habit(c.words.habit())
	if c.order != asTemplate {
		ab.habit(OtherOrder)
	}
	for _, r := range plan.Registrations {
		ab.numbers[r.Person] = r.Number
	}
	for _, x := range plan.Companies {
		if x.Agency == c.place && c.when.Contains(x.Date) {
			ab.companies = append(ab.companies, x)
		}
	}
	ab.book.form(ab.name("Identification"), c.form, formLines(false, "agency", c.place, c.when))
	ab.registrations(plan)
	ab.supports(plan)
	ab.placements(plan)
	if c.place.Marked {
		ab.prospects()
	}
	ab.book.summary(ab.name("Synthèse"), c.words, ab.totals(plan))
	if c.then != nil {
		c.then(ab)
	}
	return ab.book
}

// name is what the agency calls a sheet of the template.
func (ab *agencyBook) name(sheet string) string {
	if n := ab.c.renamed[sheet]; n != "" {
		ab.habit(RenamedSheet)
		return n
	}
	return sheet
}

// list starts one of the nominative lists.
func (ab *agencyBook) list(sheet, group string, fields []string) *table {
	l := ab.c.lay
	l.sheet = ab.name(sheet)
	var extra []string
	if ab.c.form.extras {
		ab.habit(ExtraColumns)
		extra = []string{"n", "remarks"}
	}
	t := ab.table(l, columns(ab.c.words, ab.c.order, group, fields, extra...))
	ab.lists[sheet] = t
	return t
}

// close ends a list.
func (ab *agencyBook) close(t *table) {
	if ab.c.form.totals {
		t.total("Total", TotalRows, t.top+1, t.n)
	}
	t.end()
}

func (ab *agencyBook) registrations(plan *Plan) {
	var rows []Registration
	for _, r := range plan.Registrations {
		if r.Place == ab.c.place && ab.c.when.Contains(r.Date) {
			rows = append(rows, r)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Date.Compare(rows[j].Date) < 0 })
	t := ab.list("Inscriptions", "Inscription", registrationFields)
	write := func(r Registration) {
		m := ab.hand.mention(r.Person, ab.d)
		m["registration_number"], m["agency"] = str(r.Number), str(r.Place.Name)
		m["registration_date"] = ab.hand.day(r.Date)
		m["referred_by"] = nothing(ab.d, ab.hand.marks)
		if r.ReferredBy != "" {
			m["referred_by"] = ab.hand.word(towardTexts, r.ReferredBy)
		}
		t.add(r.Person, m)
	}
	for _, r := range rows {
		write(r)
	}
	for i := range min(ab.c.twice, len(rows)) {
		write(rows[(i*9+4)%len(rows)])
	}
	ab.close(t)
}

func (ab *agencyBook) supports(plan *Plan) {
	var rows []Support
	for _, s := range plan.Supports {
		if s.Place == ab.c.place && ab.c.when.Contains(s.Date) {
			rows = append(rows, s)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Date.Compare(rows[j].Date) < 0 })
	t := ab.list("Accompagnement", "Accompagnement", supportFields)
	for _, s := range rows {
		m := ab.hand.mention(s.Person, ab.d)
		m["registration_number"], m["agency"] = str(ab.numbers[s.Person]), str(s.Place.Name)
		m["support_type"] = str("Emploi")
		if s.Self {
			m["support_type"] = str("Auto-emploi")
		}
		m["support_service"] = str(s.Service)
		m["support_date"] = ab.hand.day(s.Date)
		t.add(s.Person, m)
	}
	ab.close(t)
}

var placementTexts = map[string]string{"CONTRAT_AIDE": "Contrat aidé", "CDD": "CDD", "CDI": "CDI", "STAGE": "Stage",
	"AUTO_ENTREPRENEUR": "Auto-entrepreneur", "COOPERATIVE": "Coopérative", "SARL": "SARL"}

func (ab *agencyBook) placements(plan *Plan) {
	t := ab.list("Insertions", "Insertion", placementFields)
	for _, i := range plan.Insertions {
		if i.Place != ab.c.place || !ab.c.when.Contains(i.Date) {
			continue
		}
		m := ab.hand.mention(i.Person, ab.d)
		m["registration_number"], m["agency"] = str(ab.numbers[i.Person]), str(i.Place.Name)
		m["placement_type"] = str(placementTexts[i.Type])
		m["placement_date"] = ab.hand.day(i.Date)
		m["employer"] = str(i.Employer)
		if i.Employer == "" {
			m["employer"] = nothing(ab.d, ab.hand.marks)
			m["financed"] = ab.hand.answer(i.Funded)
		}
		if i.Funded { // followed up, and nobody is there after twelve months yet
			m["viable"] = ab.hand.answer(false)
		}
		t.add(i.Person, m)
	}
	ab.close(t)
}

// prospects lists the companies approached. The columns of recruitments exist
// and nobody fills them in.
func (ab *agencyBook) prospects() {
	if len(ab.companies) == 0 {
		return
	}
	l := ab.c.lay
	l.sheet = ab.name("Entreprises")
	var cols []column
	for _, f := range companyFields {
		cols = append(cols, column{field: f, head: ab.c.words.heading(f), group: "Entreprise sensibilisée", width: widths[f]})
	}
	t := ab.table(l, cols)
	for _, c := range ab.companies {
		t.add(nil, map[string]value{"company_name": ab.hand.letters(c.Name, true), "ice": str(c.ICE, NumbersAsText), "locality": str(c.City),
			"approach_date": ab.hand.day(c.Date), "approached_by": str(c.By), "asked_contract": ab.hand.answer(false)})
	}
	t.end()
}

func (ab *agencyBook) totals(plan *Plan) []figure {
	registered, supported, aided := persons{}, persons{}, persons{}
	for _, r := range plan.Registrations {
		registered.add(r.Person, r.Place == ab.c.place && ab.c.when.Contains(r.Date))
	}
	for _, s := range plan.Supports {
		supported.add(s.Person, s.Place == ab.c.place && ab.c.when.Contains(s.Date))
	}
	for _, i := range plan.Insertions {
		aided.add(i.Person, i.Place == ab.c.place && ab.c.when.Contains(i.Date) && i.Type == "CONTRAT_AIDE")
	}
	f := []figure{supported.figure("2.2", "Bénéficiaires d'accompagnement"), aided.figure("2.3", "Bénéficiaires de mesures d'appui")}
	if ab.c.place.Marked {
		f = append([]figure{registered.figure("2.1", "Inscrits à l'ANAPEC")}, f...)
	}
	return f
}
