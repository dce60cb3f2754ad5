package link

import "math"

// Model is what was learned about a set of records, in the words of a
// statistician: publishable, for it holds no value of any record.
type Model struct {
	Records   int
	Match     float64 // λ: share of all pairs that are one person
	Relatives float64 // share of all pairs that are two persons of one household
	Household bool    // the third class is in use
	Fields    []Field
	Rules     []RuleReport
}

// Field is one comparison's parameters.
type Field struct {
	Column string // as in the spec; "" for the order of names
	Kind   Kind
	Aspect string // "" or "year", "order"
	Levels []Level

	place place
}

// Level is one outcome of a comparison.
type Level struct {
	Name    string
	M, U, H float64 // probabilities: among matches, strangers, household pairs
	fixed   bool    // U comes from the frequencies of values
}

// Bits is the evidence of the level for a match, against strangers, before the
// rarity of the value is counted.
func (l Level) Bits() float64 { return math.Log2(l.M / l.U) }

// RuleReport says what a blocking rule brought.
type RuleReport struct {
	Keys  []RuleKey
	Pairs int
}

// RuleKey is one part of a rule's key.
type RuleKey struct {
	Columns []string // of the spec
	Part    string   // "" for the whole value, or "year", "month", "anniversary", "half", "account", "word", "sound", "consonants"
}

func (p *plan) newModel(records int, typical [][aspects]float64) *Model {
	m := &Model{Records: records, Match: 1e-4, Household: p.hasHouseholds()}
	for _, c := range p.comparisons {
		f := Field{Aspect: c.aspect, place: c.place}
		if c.column >= 0 {
			f.Column, f.Kind = p.fields[c.column].Name, p.fields[c.column].Kind
		}
		for _, l := range c.levels {
			lv := Level{Name: l.name, M: l.m, U: l.u, H: l.h}
			if l.adjust == full && l.name == "exact" {
				lv.U, lv.fixed = typical[c.column][l.by], true
			}
			f.Levels = append(f.Levels, lv)
		}
		f.settle(c.place)
		m.Fields = append(m.Fields, f)
	}
	return m
}

// hasHouseholds: the third class needs a given name, which tells a household's
// members apart, and something else that they share.
func (p *plan) hasHouseholds() bool {
	if firstOf(p.fields, GivenName) < 0 {
		return false
	}
	for _, f := range p.fields {
		switch f.Kind {
		case Phone, Address, Email, Postcode, Locality, Identifier:
			return true
		}
	}
	return false
}

// settle makes each distribution sum to one, leaving what frequencies fixed, and
// gives the household class the strangers' distribution of what is personal.
func (f *Field) settle(p place) {
	if f.Aspect != "order" {
		f.normaliseU()
	}
	if p == personal {
		for i := range f.Levels {
			f.Levels[i].H = f.Levels[i].U
		}
	}
}

func (f *Field) normaliseU() {
	fixed, free := 0.0, 0.0
	for _, l := range f.Levels {
		if l.fixed {
			fixed += l.U
		} else {
			free += l.U
		}
	}
	for i, l := range f.Levels {
		if !l.fixed {
			f.Levels[i].U = l.U * (1 - fixed) / free
		}
	}
}

func (m *Model) tables() *tables {
	t := &tables{households: m.Household}
	for _, f := range m.Fields {
		var match, household []float64
		for _, l := range f.Levels {
			match = append(match, math.Log2(l.M/l.U))
			household = append(household, math.Log2(l.H/l.U))
		}
		t.match = append(t.match, match)
		t.household = append(t.household, household)
		t.shifted = append(t.shifted, f.place != personal)
	}
	return t
}

// Probability of a weight in bits.
func Probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }
