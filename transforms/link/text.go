package link

import (
	"fmt"
	"math"

	"cp3/pipeline/wording"
)

// Text says an evidence to a human, in lang. It holds no value of the records.
func (e Evidence) Text(lang string) string {
	key := "link.evidence."
	switch {
	case e.Column == "" && e.Level == "":
		key += e.Aspect // prior, household
	case e.Column == "":
		key += e.Aspect + "." + e.Level // order
	case e.Aspect != "":
		key += string(e.Kind) + "." + e.Aspect + "." + e.Level
	default:
		key += string(e.Kind) + "." + e.Level
	}
	return wording.Text(lang, key, map[string]string{"column": e.Column})
}

// Strength says how much the evidence weighs: each step is about ten times the one
// before.
func (e Evidence) Strength(lang string) string {
	size := math.Abs(e.Bits)
	side := "for"
	if e.Bits < 0 {
		side = "against"
	}
	switch {
	case size < 0.5:
		return wording.Text(lang, "link.strength.none", nil)
	case size < 3.3:
		return wording.Text(lang, "link.strength."+side+".1", nil)
	case size < 6.6:
		return wording.Text(lang, "link.strength."+side+".2", nil)
	}
	return wording.Text(lang, "link.strength."+side+".3", nil)
}

// Text says a contradiction to a human.
func (c Conflict) Text(lang string) string {
	return wording.Text(lang, "link.conflict."+c.Reason, map[string]string{"column": c.Column})
}

// Verdict says what the model makes of a pair.
func (p Pair) Verdict(lang string) string {
	key := "uncertain"
	switch {
	case len(p.Conflicts) > 0:
		key = "impossible"
	case p.Weight > Band:
		key = "same"
	case p.Weight < -Band:
		key = "different"
	}
	return wording.Text(lang, "link.verdict."+key, map[string]string{"probability": percent(lang, p.Probability)})
}

// percent never rounds doubt away: 99.97 % is not 100 %.
func percent(lang string, p float64) string {
	s := fmt.Sprintf("%.0f %%", 100*p)
	switch {
	case p > 0.99:
		s = "> 99 %"
	case p < 0.01:
		s = "< 1 %"
	}
	if lang == "en" {
		return s[:len(s)-2] + "%"
	}
	return s
}
