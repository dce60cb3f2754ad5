package bulletin

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"

	"cp3/pipeline"
)

// Languages are those pages are written in.
var Languages = []string{"fr", "ar"}

// Edition is what a page says of where it comes from.
type Edition struct {
	Number int
	Day    pipeline.Date
}

// FileName is where the page of an issue is, within the folder of bulletins.
func FileName(i Issue, lang string) string { return "bulletin_" + i.Name() + "_" + lang + ".html" }

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// page is what the template shows. Texts are in the page's language.
type page struct {
	speaker
	Data
	Issue
	Edition Edition
}

// Write writes the page of an issue in a language.
func Write(w io.Writer, d Data, i Issue, lang string, e Edition) error {
	p := page{speaker{lang}, d, i, e}
	t, err := template.New("page").Funcs(template.FuncMap{"say": p.say}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("bulletin: %w", err)
	}
	var buf bytes.Buffer
	if err := t.Execute(&buf, p); err != nil {
		return fmt.Errorf("bulletin %s: %w", i.Name(), err)
	}
	_, err = w.Write(buf.Bytes())
	return err
}

// What the template asks.

func (p page) Lang() string        { return p.lang }
func (p page) Style() template.CSS { return template.CSS(pageStyle) } // ours, embedded
func (p page) Period() string      { return p.period(p.Issue) }
func (p page) Before() string      { return p.period(p.Issue.before()) }
func (p page) Short() string       { return p.short(p.Issue) }
func (p page) ShortBefore() string { return p.short(p.Issue.before()) }
func (p page) IsYear() bool        { return p.Quarter == 0 }
func (p page) YearText() string    { return strconv.Itoa(p.Year) }
func (p page) Title() string       { return p.say("bulletin.title", "period", p.Period()) }
func (p page) Origin() string {
	return p.say("publication.edition", "number", strconv.Itoa(p.Edition.Number), "day", p.day(p.Edition.Day))
}

// Other is the same page in another language.
type Other struct{ Lang, File, Label string }

func (p page) Others() []Other {
	var others []Other
	for _, lang := range Languages {
		if lang != p.lang {
			others = append(others, Other{lang, FileName(p.Issue, lang), speaker{lang}.say("bulletin.language")})
		}
	}
	return others
}

// keyCodes are the figures a page begins with: reception, training, grants, success,
// support, contracts.
var keyCodes = []string{"1.1", "1.2", "1.8", "1.7", "2.2", "2.3"}

// Key is one key figure.
type Key struct {
	Label        string
	Value, Women template.HTML
	Before       template.HTML
}

func (p page) Keys() []Key {
	var keys []Key
	for _, i := range p.indicators {
		v := p.value(i.code, p.Issue, pipeline.Total)
		if v == nil || !slices.Contains(keyCodes, i.code) {
			continue
		}
		k := Key{Label: p.say("bulletin.key." + i.code), Value: p.figure(v, i.percent)}
		if s := share(p.value(i.code, p.Issue, pipeline.Women), v); s != nil {
			k.Women = p.figure(s, true)
		}
		if was := p.value(i.code, p.Issue.before(), pipeline.Total); was != nil {
			k.Before = p.figure(was, i.percent)
		}
		keys = append(keys, k)
	}
	return keys
}

// Status counts the indicators of the year in one status.
type Status struct {
	Class, Label string
	Count        int
}

func (p page) Statuses() []Status {
	var all []Status
	for _, name := range []string{"atteint", "proche", "insuffisant", "sans_cible", "non_renseigne"} {
		s := Status{className(name), p.say("publication.status." + name), 0}
		for _, i := range p.indicators {
			if p.lines[targetKey{i.code, p.Year}].status == name {
				s.Count++
			}
		}
		if s.Count > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Group is the indicators of one result.
type Group struct {
	Title string
	Lines []Line
}

// Line is one indicator in a table.
type Line struct {
	Code, Label, Definition                       string
	Base, Before, Value, Women, Men, Unknown, All template.HTML
	Share, Target, Final, Rate                    template.HTML
	StatusClass, Status                           string
	Bar                                           template.HTML
}

// Groups are the indicators under their results. Of a quarter, those that someone
// reports by quarter.
func (p page) Groups() []Group {
	var groups []Group
	for _, i := range p.indicators {
		if p.Quarter > 0 && !p.told(i.code, p.Issue) {
			continue
		}
		title := p.say("publication.result." + i.result)
		if len(groups) == 0 || groups[len(groups)-1].Title != title {
			groups = append(groups, Group{Title: title})
		}
		g := &groups[len(groups)-1]
		g.Lines = append(g.Lines, p.line(i))
	}
	return groups
}

func (p page) line(i indicator) Line {
	year := p.lines[targetKey{i.code, p.Year}]
	before := p.value(i.code, p.Issue.before(), pipeline.Total)
	if p.IsYear() && before == nil {
		before = year.previous
	}
	l := Line{
		Code: i.code, Label: i.label[p.lang], Definition: i.definition[p.lang], Base: p.figure(year.base, i.percent), Before: p.figure(before, i.percent),
		Value: p.at(i, p.Issue, pipeline.Total), Women: p.at(i, p.Issue, pipeline.Women), Men: p.at(i, p.Issue, pipeline.Men), Target: p.figure(p.targets[targetKey{i.code, p.Year}], i.percent),
		Final: p.figure(i.final, i.percent), Rate: p.figure(year.rate, true), StatusClass: className(year.status),
		Status: p.say("publication.status." + year.status), Bar: progressBar(year.rate, year.status),
	}
	switch {
	case slices.Contains(year.hidden, "statut"):
		l.Rate, l.Status = p.secret(), p.say("publication.secret")
	case year.rate == nil && year.status != "non_renseigne":
		l.Rate = p.notApplicable()
	}
	if before == nil && (p.hidden[p.place(i.code, p.Issue.before(), pipeline.Total)] || slices.Contains(year.hidden, "valeur_annee_precedente") && p.IsYear()) {
		l.Before = p.secret()
	}
	if _, told := p.values[cell{i.code, p.Year, p.Quarter, "", pipeline.Women}]; !told {
		l.Women = p.notApplicable()
	}
	return l
}

func (p page) place(code string, i Issue, sex pipeline.Sex) cell {
	return cell{code, i.Year, i.Quarter, "", sex}
}

// told reports whether somebody reported an indicator, hidden or not.
func (p page) told(code string, i Issue) bool {
	return p.value(code, i, pipeline.Total) != nil || p.hidden[p.place(code, i, pipeline.Total)]
}

// at writes the nation's value of an issue, or why there is none.
func (p page) at(of indicator, i Issue, sex pipeline.Sex) template.HTML {
	return p.in(of.percent, p.place(of.code, i, sex))
}

func (p page) in(percent bool, c cell) template.HTML {
	if p.hidden[c] {
		return p.secret()
	}
	return p.figure(p.values[c], percent)
}

// Sexes are the indicators that count persons whose sex is told.
func (p page) Sexes() []Line {
	var lines []Line
	for _, i := range p.indicators {
		women, men := p.value(i.code, p.Issue, pipeline.Women), p.value(i.code, p.Issue, pipeline.Men)
		unknown, all := p.value(i.code, p.Issue, pipeline.NotDeclared), p.value(i.code, p.Issue, pipeline.Total)
		if !i.persons || women == nil || men == nil || all == nil || *all == 0 {
			continue
		}
		lines = append(lines, Line{
			Code: i.code, Label: i.label[p.lang], Women: p.figure(women, false), Men: p.figure(men, false), Unknown: p.figure(unknown, false),
			All: p.figure(all, false), Share: p.figure(share(women, all), true), Bar: sexBar(women, men, unknown),
		})
	}
	return lines
}

// Chart is a small chart with its title.
type Chart struct {
	Title string
	SVG   template.HTML
}

// Quarters are the key figures, quarter by quarter.
func (p page) Quarters() []Chart {
	var charts []Chart
	for _, i := range p.indicators {
		if !slices.Contains(keyCodes, i.code) {
			continue
		}
		var all []column
		known, alt := false, p.say("bulletin.key."+i.code)
		for q := 1; q <= 4; q++ {
			v := p.value(i.code, Issue{p.Year, q}, pipeline.Total)
			known = known || v != nil
			said := p.say("publication.not_reported")
			switch {
			case v != nil:
				said = spaced(*v)
			case p.hidden[p.place(i.code, Issue{p.Year, q}, pipeline.Total)]:
				said = p.say("publication.secret")
			}
			alt += " ; " + p.say("bulletin.q", "quarter", strconv.Itoa(q)) + " " + said
			all = append(all, column{p.say("bulletin.q", "quarter", strconv.Itoa(q)), said, v, q == p.Quarter || p.IsYear()})
		}
		if known {
			charts = append(charts, Chart{p.say("bulletin.key." + i.code), columns(p.speaker, all, alt)})
		}
	}
	return charts
}

// Region is one line of the regions' table.
type Region struct {
	Name    string
	Figures []template.HTML // as RegionHeads
}

// RegionHeads are the key figures of persons.
func (p page) RegionHeads() []string {
	var heads []string
	for _, code := range keyCodes {
		heads = append(heads, p.say("bulletin.key."+code))
	}
	return heads
}

func (p page) Regions() []Region {
	var all []Region
	codes := p.regions(p.Issue)
	if len(codes) == 0 {
		return nil
	}
	for _, code := range append([]string{""}, codes...) {
		r := Region{Name: p.say("publication.regions.nation")}
		if code != "" {
			r.Name = p.say("publication.region." + code)
		}
		for _, indicator := range keyCodes {
			r.Figures = append(r.Figures, p.in(false, cell{indicator, p.Year, p.Quarter, code, pipeline.Total}))
		}
		all = append(all, r)
	}
	return all
}

// Reports says how many of the reports expected for the issue arrived; "" when none
// is expected.
func (p page) Reports() string {
	count := map[string]int{}
	n := 0
	for _, r := range p.reports {
		if r.period.Year != p.Year || p.Quarter > 0 && r.period.Quarter != 0 && r.period.Quarter != p.Quarter {
			continue
		}
		n++
		count[r.status]++
	}
	if n == 0 {
		return ""
	}
	return p.say("bulletin.reports", "expected", strconv.Itoa(n), "on_time", strconv.Itoa(count["a_temps"]),
		"late", strconv.Itoa(count["en_retard"]), "missing", strconv.Itoa(count["manquant"]))
}

// Link leads to the data, from the folder of bulletins.
type Link struct{ File, Label string }

func (p page) Links() []Link {
	return []Link{
		{"../csv/valeurs.csv", p.say("bulletin.link.csv")},
		{"../parquet/valeurs.parquet", p.say("bulletin.link.parquet")},
		{"../snia_public.duckdb", p.say("bulletin.link.database")},
		{"../csv/confidentialite.csv", p.say("bulletin.link.secrecy")},
	}
}
