package read

import (
	"slices"
	"strconv"

	"cp3/connectors"
	"cp3/pipeline"
)

// outsidePeriod is said of a date outside the file's period.
const outsidePeriod = "date.outside_period"

// doubtPeriod asks about the file's period, once, when nearly all its dates lie
// outside: one cell was mistyped on the form, not a hundred in the lists.
func (u *understanding) doubtPeriod(entries map[string]entry) {
	outside, all := 0, 0
	for _, i := range u.out.Issues {
		if i.Code == outsidePeriod {
			outside++
		}
	}
	most := pipeline.Period{}
	for p, n := range u.dated {
		all += n
		if n > u.dated[most] || n == u.dated[most] && most.First().Compare(p.First()) < 0 {
			most = p
		}
	}
	if outside < 10 || 10*outside < 9*all {
		return
	}
	if u.out.Period.Quarter == 0 {
		most.Quarter = 0
	}
	u.out.Issues = slices.DeleteFunc(u.out.Issues, func(i pipeline.Issue) bool { return i.Code == outsidePeriod })
	sheet, cell, field, value := "", "", "", ""
	for _, m := range []string{connectors.MeansQuarter, connectors.MeansYear} {
		if e := entries[m]; e.Field != nil && e.value.Present && (m == connectors.MeansQuarter) == (most.Year == u.out.Period.Year) {
			sheet, cell, field, value = e.sheet, e.cell(), e.Title, e.Value.Display()
		}
	}
	u.issue("period.doubtful", pipeline.Warning, sheet, cell, field, value, "outside", strconv.Itoa(outside), "dates", strconv.Itoa(all),
		"period", u.out.Period.String(), "most", most.String())
}
