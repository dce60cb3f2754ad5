package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
)

// Activity is what IATI asks to know of the activity the results are of.
type Activity struct {
	Reporter     string // organisation identifier
	ReporterType string // code list OrganisationType
	Identifier   string // of the activity
	BaselineYear int    // 0: unknown, and baselines are left out, since IATI wants their year
}

// Unregistered names the activity until somebody registers the committee with IATI:
// identifiers of an agency that no registry has, so that they can be nobody else's.
var Unregistered = Activity{Reporter: "XM-SNIA-CP3", ReporterType: "10", Identifier: "XM-SNIA-CP3-SUIVI"} // 10: government

// The elements of an IATI file, in the order the schema wants.
type (
	iatiFile struct {
		XMLName   xml.Name     `xml:"iati-activities"`
		Version   string       `xml:"version,attr"`
		Generated string       `xml:"generated-datetime,attr"`
		Activity  iatiActivity `xml:"iati-activity"`
	}
	iatiActivity struct {
		Lang         string       `xml:"xml:lang,attr"`
		Updated      string       `xml:"last-updated-datetime,attr"`
		Identifier   string       `xml:"iati-identifier"`
		Reporting    iatiOrg      `xml:"reporting-org"`
		Title        narratives   `xml:"title"`
		Description  narratives   `xml:"description"`
		Participates iatiOrg      `xml:"participating-org"`
		Status       iatiCode     `xml:"activity-status"`
		Date         iatiDate     `xml:"activity-date"`
		Country      iatiCode     `xml:"recipient-country"`
		Results      []iatiResult `xml:"result"`
	}
	iatiOrg struct {
		Ref  string `xml:"ref,attr"`
		Type string `xml:"type,attr"`
		Role string `xml:"role,attr,omitempty"`
		narratives
	}
	iatiCode struct {
		Code string `xml:"code,attr"`
	}
	iatiDate struct {
		Type string `xml:"type,attr,omitempty"`
		ISO  string `xml:"iso-date,attr"`
	}
	narratives struct {
		Narratives []narrative `xml:"narrative"`
	}
	narrative struct {
		Lang string `xml:"xml:lang,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	iatiResult struct {
		Type       string          `xml:"type,attr"`
		Sums       bool            `xml:"aggregation-status,attr"`
		Title      narratives      `xml:"title"`
		Indicators []iatiIndicator `xml:"indicator"`
	}
	iatiIndicator struct {
		Measure     string        `xml:"measure,attr"`
		Ascending   bool          `xml:"ascending,attr"`
		Sums        bool          `xml:"aggregation-status,attr"`
		Title       narratives    `xml:"title"`
		Description narratives    `xml:"description"`
		Reference   iatiReference `xml:"reference"`
		Baseline    *iatiBaseline `xml:"baseline"`
		Periods     []iatiPeriod  `xml:"period"`
	}
	iatiReference struct {
		Vocabulary string `xml:"vocabulary,attr"`
		Code       string `xml:"code,attr"`
	}
	iatiBaseline struct {
		Year  int    `xml:"year,attr"`
		Value string `xml:"value,attr"`
	}
	iatiPeriod struct {
		Start   iatiDate    `xml:"period-start"`
		End     iatiDate    `xml:"period-end"`
		Targets []iatiValue `xml:"target"`
		Actuals []iatiValue `xml:"actual"`
	}
	iatiValue struct {
		Value      string          `xml:"value,attr"`
		Dimensions []iatiDimension `xml:"dimension"`
	}
	iatiDimension struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
)

func french(text string) narratives { return narratives{[]narrative{{Text: text}}} }

func bilingual(fr, ar string) narratives {
	n := french(fr)
	if ar != "" {
		n.Narratives = append(n.Narratives, narrative{"ar", ar})
	}
	return n
}

// iati writes the national values of whole years as results of one activity.
func iati(d Data, a Activity, day pipeline.Date) ([]byte, int64, error) {
	first, last := span(d)
	at := day.Time().Format(time.RFC3339)
	f := iatiFile{Version: "2.03", Generated: at, Activity: iatiActivity{
		Lang: "fr", Updated: at, Identifier: a.Identifier, Reporting: iatiOrg{a.Reporter, a.ReporterType, "", french(say("subject"))},
		Title: french(say("subject")), Description: french(say("subject")),
		Participates: iatiOrg{a.Reporter, a.ReporterType, "4", french(say("subject"))}, // 4: implementing
		Status:       iatiCode{"2"}, Date: iatiDate{"2", iso(first, 1, 1)}, Country: iatiCode{"MA"},
	}}
	var rows int64
	for _, name := range results(d) {
		r := iatiResult{Type: "2", Title: french(name)} // 2: outcome; 1: output
		if strings.HasPrefix(name, "Résultat") {
			r.Type = "1"
		}
		for _, i := range d.Indicators {
			if i.Result != name {
				continue
			}
			indicator := iatiOf(d, i, a, first, last)
			for _, p := range indicator.Periods {
				rows += int64(len(p.Actuals))
			}
			r.Indicators = append(r.Indicators, indicator)
		}
		f.Activity.Results = append(f.Activity.Results, r)
	}
	b, err := asXML(f)
	return b, rows, err
}

// results are in the order of their first indicator.
func results(d Data) []string {
	var names []string
	for _, i := range d.Indicators {
		if !slices.Contains(names, i.Result) {
			names = append(names, i.Result)
		}
	}
	return names
}

// span is the first and the last year that values or targets speak of.
func span(d Data) (first, last int) {
	for _, c := range d.Cells {
		if first == 0 {
			first, last = c.Year, c.Year
		}
		first, last = min(first, c.Year), max(last, c.Year)
	}
	for _, t := range d.Targets {
		last = max(last, t.Year)
	}
	return first, last
}

// iatiOf is one indicator: a period for each year, with the year's target, and
// last a period over all years for the final target.
func iatiOf(d Data, i Indicator, a Activity, first, last int) iatiIndicator {
	out := iatiIndicator{Measure: "1", Ascending: true, Title: bilingual(i.Label, i.LabelAR), Description: french(i.Definition),
		Reference: iatiReference{"99", i.Code}} // 99: the reporting organisation's own vocabulary
	if i.Percent {
		out.Measure = "2"
	}
	if i.Base != nil && a.BaselineYear > 0 {
		out.Baseline = &iatiBaseline{a.BaselineYear, figure(*i.Base)}
	}
	for year := first; year <= last && year > 0; year++ {
		p := iatiPeriod{Start: iatiDate{ISO: iso(year, 1, 1)}, End: iatiDate{ISO: iso(year, 12, 31)}, Actuals: actuals(d, i.Code, year)}
		for _, t := range d.Targets {
			if t.Code == i.Code && t.Year == year {
				p.Targets = append(p.Targets, iatiValue{Value: figure(t.Value)})
			}
		}
		if len(p.Targets)+len(p.Actuals) > 0 {
			out.Periods = append(out.Periods, p)
		}
	}
	if i.Final != nil {
		out.Periods = append(out.Periods, iatiPeriod{Start: iatiDate{ISO: iso(first, 1, 1)}, End: iatiDate{ISO: iso(last, 12, 31)},
			Targets: []iatiValue{{Value: figure(*i.Final)}}})
	}
	return out
}

// actuals are the national values of a year that are known, the total first.
func actuals(d Data, code string, year int) []iatiValue {
	var values []iatiValue
	for _, sex := range sexes {
		k := Key{Code: code, Year: year, Sex: sex}
		n, is := slices.BinarySearchFunc(d.Cells, k, func(c Cell, k Key) int { return compareKeys(c.Key, k) })
		if !is || d.Cells[n].Value == nil {
			continue
		}
		v := iatiValue{Value: figure(*d.Cells[n].Value)}
		if value := sexCodes[sex].iati; value != "" {
			v.Dimensions = []iatiDimension{{"sex", value}}
		}
		values = append(values, v)
	}
	return values
}

func iso(year, month, day int) string { return fmt.Sprintf("%04d-%02d-%02d", year, month, day) }

func asXML(v any) ([]byte, error) {
	b, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

// checkIATI holds a file to what the schema asks of a result and to what it can't
// say: dates that follow each other, values that are numbers, a dimension said
// once. The schema itself is the tests' (xmllint).
func checkIATI(b []byte) error {
	var f iatiFile
	if err := xml.NewDecoder(bytes.NewReader(b)).Decode(&f); err != nil {
		return err
	}
	if f.Activity.Identifier == "" || f.Activity.Reporting.Ref == "" || len(f.Activity.Results) == 0 {
		return errors.New("the activity has no identifier, reporter or result")
	}
	for _, r := range f.Activity.Results {
		for _, i := range r.Indicators {
			for _, p := range i.Periods {
				if err := p.check(); err != nil {
					return fmt.Errorf("indicator %s, period from %s: %w", i.Reference.Code, p.Start.ISO, err)
				}
			}
		}
	}
	return nil
}

func (p iatiPeriod) check() error {
	start, err1 := time.Parse(time.DateOnly, p.Start.ISO)
	end, err2 := time.Parse(time.DateOnly, p.End.ISO)
	if err := errors.Join(err1, err2); err != nil || !start.Before(end) {
		return fmt.Errorf("it ends on %s: %w", p.End.ISO, errors.Join(err, errors.New("not after its start")))
	}
	seen := map[string]bool{}
	for _, v := range p.Actuals {
		if _, err := strconv.ParseFloat(v.Value, 64); err != nil {
			return err
		}
		if of := fmt.Sprint(v.Dimensions); seen[of] {
			return fmt.Errorf("two values of %s", of)
		} else {
			seen[of] = true
		}
	}
	return nil
}
