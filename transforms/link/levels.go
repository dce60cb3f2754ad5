package link

import "strings"

// plan is every comparison of a spec.
type plan struct {
	fields        []field
	comparisons   []comparison
	given, family int // fields that may be written in each other's place; -1: no such pair
}

// nameOrder is the comparison that says whether the given and family names were
// compared straight or crossed. Crossing is a choice made to the pair's advantage,
// so its weight is only what it costs: how seldom one person's names are crossed.
var nameOrder = comparison{column: -1, aspect: "order", place: personal, freedom: 200, levels: []level{
	{"straight", 0.98, 1, 1, flat, whole},
	{"crossed", 0.02, 1, 1, flat, whole}}}

// Levels of nameOrder.
const (
	straight = 1
	crossed  = 2
)

func newPlan(fields []field) *plan {
	p := &plan{fields: fields, given: firstOf(fields, GivenName), family: firstOf(fields, FamilyName)}
	for i, f := range fields {
		p.comparisons = append(p.comparisons, comparisons(f.Kind, i)...)
	}
	if p.given < 0 || p.family < 0 {
		p.given, p.family = -1, -1
	} else {
		p.comparisons = append(p.comparisons, nameOrder)
	}
	return p
}

// names are the given and the family name of a record.
type names struct{ given, family *form }

// order says whether two records' names are crossed: one's given name is the other's
// family name and the remaining two fit crossed, or nothing fits straight. 0 when
// there are not names enough to say.
func (l names) order(r names) uint8 {
	same := func(a, b *form) bool { return a != nil && b != nil && a.also == b.also }
	switch {
	case l.given == nil && l.family == nil, r.given == nil && r.family == nil:
		return 0
	case same(l.given, r.given), same(l.family, r.family):
		return straight
	case same(l.given, r.family) && same(l.family, r.given):
		return crossed
	case same(l.given, r.family):
		return l.fit(r, l.family, r.given)
	case same(l.family, r.given):
		return l.fit(r, l.given, r.family)
	}
	return straight
}

// fit looks at what is left, a and b, when two names are the same crosswise.
func (l names) fit(r names, a, b *form) uint8 {
	if a == nil || b == nil {
		return crossed
	}
	if alike(a, b) >= 0.85 || contains(a, b) || contains(b, a) {
		return crossed
	}
	if alike(l.given, r.given) < 0.8 && alike(l.family, r.family) < 0.8 {
		return crossed
	}
	return straight
}

// before decides which of two records whose names are crossed is the one that is
// taken straight: the same one whichever comes first.
func (l names) before(r names) bool { return textOf(l.given) <= textOf(r.given) }

func textOf(f *form) string {
	if f == nil {
		return ""
	}
	return f.text
}

// alike is how alike two names sound; 0 when one is missing.
func alike(a, b *form) float64 {
	if a == nil || b == nil {
		return 0
	}
	return jaroWinkler(a.name.sound, b.name.sound)
}

// contains says whether one name is among the words of another.
func contains(a, b *form) bool { return strings.Contains(a.name.words, b.name.sound) }
