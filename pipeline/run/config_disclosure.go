package run

import (
	"fmt"
	"slices"

	"cp3/pipeline"
)

// DisclosureConfig is the rule of publication/public/.
type DisclosureConfig struct {
	Threshold int    `yaml:"threshold"` // cells of fewer persons are hidden
	Every     string `yaml:"every"`     // edition | week | month | quarter: how often the public is told anew
}

// The public is told anew with each edition, or with the first of a week, a month or a
// quarter.
const (
	everyEdition = "edition"
	everyWeek    = "week"
	everyMonth   = "month"
	everyQuarter = "quarter"
)

// stretch names the days of which the first edition alone tells the public; "" when
// each one does.
func (c DisclosureConfig) stretch(d pipeline.Date) string {
	switch c.Every {
	case everyWeek:
		year, week := d.Time().ISOWeek()
		return fmt.Sprintf("%d-S%02d", year, week)
	case everyMonth:
		return fmt.Sprintf("%d-%02d", d.Year, d.Month)
	case everyQuarter:
		return fmt.Sprintf("%d-T%d", d.Year, d.Quarter())
	}
	return ""
}

// anew reports whether an edition of a day tells the public anew after one of an
// earlier day, or the same, did.
func (c DisclosureConfig) anew(told, day pipeline.Date) bool {
	return c.Every == everyEdition || c.stretch(told) != c.stretch(day)
}

func (c DisclosureConfig) validate() error {
	if !slices.Contains([]string{everyEdition, everyWeek, everyMonth, everyQuarter}, c.Every) {
		return fmt.Errorf("disclosure.every: %q: choose edition, week, month or quarter", c.Every)
	}
	return nil
}
