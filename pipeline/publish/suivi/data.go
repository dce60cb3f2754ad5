package suivi

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cp3/pipeline"
)

// Data is what the workbooks of all years show.
type Data struct {
	indicators []indicator // in the committee's order
	lines      map[lineKey]line
	values     map[valueKey]value
	complete   []expected
	received   []submission
	anomalies  []anomaly
	gaps       []gap
	revisions  []revision
	revised    bool // the tables say what changed; false when they don't keep it
}

// indicator is one of the committee's figures.
type indicator struct {
	rank                               int64 // the committee's order, when the table gives it
	code, result, label, labelAR, unit string
	definition, numerator, denominator string
	sources                            string
	bySex                              bool
}

// percent reports whether the indicator's values are percentages.
func (i indicator) percent() bool { return strings.HasPrefix(i.unit, "pourcent") || i.unit == "%" }

type lineKey struct {
	code string
	year int
	sex  pipeline.Sex
}

// line is one line of the follow-up table; nil is a value nobody reported.
type line struct {
	base, previous, current, target, final, rate *float64
	status                                       string
}

type valueKey struct {
	code    string
	year    int
	quarter int    // 0: the whole year
	region  string // "": the nation
	sex     pipeline.Sex
}

// value is one computed value with what it was made of.
type value struct {
	value, numerator, denominator *float64
	declared                      *float64 // what the members give as their total
	origin                        string
	flags                         []string
}

// expected is one report that was expected.
type expected struct {
	member, structure, period, status string
	due, received                     time.Time
}

// submission is one file received.
type submission struct {
	id, member, structure, period, file, status string
	received                                    time.Time
	read, kept, refused                         int64
}

// anomaly is one finding of a quality rule.
type anomaly struct {
	rule, severity, member, sheet, cell, period, message string
}

// gap is a declared total beside the list it should match.
type gap struct {
	member, code, period       string
	sex                        pipeline.Sex
	declared, listed, distance *float64
	// The steps from the list to the published figure: rows of the list, repeated in
	// a file, repeated between files, counted with another member, published.
	rows, repeated, again, elsewhere, published *float64
}

// revision is a value that changed from one edition to the next.
type revision struct {
	edition       int // that changed it; 0: the table doesn't say
	code          string
	year, quarter int
	region        string
	sex           pipeline.Sex
	published     time.Time
	before, after *float64
	causes        []string // ids of submissions
}

// Years are the years that have a value, ascending.
func (d Data) Years() []int {
	years := map[int]bool{}
	for k, l := range d.lines {
		if l.current != nil {
			years[k.year] = true
		}
	}
	return slices.Sorted(maps.Keys(years))
}

// Lines is how many lines the follow-up table of a year has.
func (d Data) Lines(year int) int {
	n := 0
	for _, i := range d.indicators {
		n += len(d.shown(i, year))
	}
	return n
}

// line is the line of an indicator in a year; empty when the table has none.
func (d Data) line(code string, year int, sex pipeline.Sex) line {
	return d.lines[lineKey{code, year, sex}]
}

// national is the whole year's value for the nation.
func (d Data) national(code string, year int, sex pipeline.Sex) value {
	return d.values[valueKey{code: code, year: year, sex: sex}]
}

// shown are the sexes an indicator has lines for: everybody first, then women and
// men wherever the committee asks for them or the table has them, and not declared
// when there is somebody.
func (d Data) shown(i indicator, year int) []pipeline.Sex {
	sexes := []pipeline.Sex{pipeline.Total}
	women, men := d.line(i.code, year, pipeline.Women), d.line(i.code, year, pipeline.Men)
	if i.bySex || women.current != nil || men.current != nil {
		sexes = append(sexes, pipeline.Women, pipeline.Men)
	}
	if l := d.line(i.code, year, pipeline.NotDeclared); some(l.current) || some(l.previous) {
		sexes = append(sexes, pipeline.NotDeclared)
	}
	return sexes
}

// current is the national value of a year and sex: from the follow-up table, or,
// for a sex it doesn't tell apart, from the values behind it.
func (d Data) current(code string, year int, sex pipeline.Sex) *float64 {
	if v := d.line(code, year, sex).current; v != nil {
		return v
	}
	return d.national(code, year, sex).value
}

// bySexes reports whether an indicator counts persons whose sex is told apart.
func (d Data) bySexes(i indicator, year int) bool {
	told := d.current(i.code, year, pipeline.Women) != nil || d.current(i.code, year, pipeline.Men) != nil
	return !i.percent() && (i.bySex || told)
}

func some(v *float64) bool { return v != nil && *v != 0 }

// results are the results in the order of their first indicator.
func (d Data) results() []string {
	var names []string
	for _, i := range d.indicators {
		if !slices.Contains(names, i.result) {
			names = append(names, i.result)
		}
	}
	return names
}
