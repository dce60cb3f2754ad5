package link

// A comparison takes two records to one of a few levels, the best first, the last
// one «different»; level 0 is «nothing to compare». Priors are shipped for each
// level: what is expected before the data has spoken, and all there is when it is
// too small to speak.
//
//	m  among pairs of one person
//	u  among pairs of two persons taken at random
//	h  among pairs of two persons of one household (family, shared room, shared
//	   telephone): what makes twins and sisters look like one woman

// adjust says how the frequency of the values agreed on moves a level's weight.
type adjust uint8

const (
	flat    adjust = iota // it doesn't
	full                  // agreement on a value weighs what that value's rarity says
	partial               // half of it, within bounds: the values agree only nearly
)

// level is one outcome of a comparison.
type level struct {
	name    string
	m, u, h float64
	adjust  adjust
	by      aspect // whose frequency adjusts
}

// place says how a comparison stands to a household.
type place uint8

const (
	personal place = iota // a household shares it no more than strangers do: h is u
	telling               // h is nearly the prior: twins' birthdays, numbers issued one after the other
	shared                // h is learned: family name, address, telephone
)

// comparison is how one column is compared.
type comparison struct {
	column  int    // index in the spec's resolved columns
	aspect  string // "" or what part of the column: "year"
	judge   judge
	dear    bool // to judge: pairs of values seen before are remembered
	levels  []level
	place   place
	freedom float64 // weight of the prior on m, in pairs
}

// judge says at which level two values stand: 1 for the best, 0 when there is nothing
// to compare. Neither comes first: exchanged, they stand at the same.
type judge func(l, r *form) uint8

// aspect is what of a value is counted: all of it, or the sound of a name, the year of
// a date, the account of an e-mail.
type aspect int

const (
	whole aspect = iota
	part
	aspects
)

// priors are how frequent a value that nobody has seen is taken to be, by aspect: one
// in so many. 0: that aspect isn't counted. A given or family name that nobody knows
// yet is taken for one that a person in a hundred has: where lists come from, few
// names serve many.
func priors(kind Kind) [aspects]float64 {
	switch kind {
	case GivenName, FamilyName:
		return [aspects]float64{0.01, 0.012}
	case Date:
		return [aspects]float64{1.0 / 12000, 1.0 / 40}
	case Identifier:
		return [aspects]float64{1e-6}
	case Phone:
		return [aspects]float64{1e-5}
	case Email:
		return [aspects]float64{1e-6, 1e-4}
	case Address:
		return [aspects]float64{1e-3}
	case Locality:
		return [aspects]float64{0.02}
	case Postcode:
		return [aspects]float64{0.005}
	case Sex:
		return [aspects]float64{}
	}
	return [aspects]float64{0.1}
}

func nameLevels(m, h [6]float64) []level {
	return []level{
		{"exact", m[0], 0.008, h[0], full, whole},
		{"sound", m[1], 0.003, h[1], full, part},
		{"near", m[2], 0.004, h[2], partial, whole},
		{"part", m[3], 0.005, h[3], partial, whole},
		{"similar", m[4], 0.02, h[4], flat, whole},
		{"different", m[5], 0.96, h[5], flat, whole},
	}
}

// comparisons lists how a column of a kind is compared.
func comparisons(kind Kind, column int) []comparison {
	one := func(p place, freedom float64, j judge, levels ...level) []comparison {
		dear := kind == GivenName || kind == FamilyName || kind == Address || kind == Locality
		return []comparison{{column: column, judge: j, dear: dear, levels: levels, place: p, freedom: freedom}}
	}
	switch kind {
	case GivenName:
		return one(personal, 100, judgeNames, nameLevels([6]float64{0.72, 0.12, 0.07, 0.05, 0.02, 0.02}, [6]float64{})...)
	case FamilyName:
		return one(shared, 100, judgeNames, nameLevels([6]float64{0.77, 0.11, 0.06, 0.03, 0.012, 0.018}, [6]float64{0.60, 0.05, 0.03, 0.02, 0.03, 0.27})...)
	case Date:
		return dateComparisons(column)
	case Identifier:
		return one(telling, 100, judgeNumbers,
			level{"exact", 0.86, 1e-6, 0.02, full, whole},
			level{"slip", 0.06, 2e-3, 0.12, flat, whole},
			level{"near", 0.02, 1e-2, 0.10, flat, whole},
			level{"different", 0.06, 0.988, 0.76, flat, whole})
	case Phone:
		return one(shared, 100, judgePhones,
			level{"exact", 0.70, 1e-5, 0.35, full, whole},
			level{"slip", 0.06, 1e-3, 0.01, flat, whole},
			level{"different", 0.24, 0.999, 0.64, flat, whole})
	case Email:
		return one(shared, 40, judgeEmails,
			level{"exact", 0.70, 1e-6, 0.10, full, whole},
			level{"account", 0.05, 1e-4, 0.01, full, part},
			level{"near", 0.08, 1e-4, 0.02, flat, whole},
			level{"different", 0.17, 0.999, 0.87, flat, whole})
	case Address:
		return one(shared, 30, judgeAddresses,
			level{"exact", 0.62, 0.001, 0.55, full, whole},
			level{"near", 0.15, 0.001, 0.10, partial, whole},
			level{"similar", 0.07, 0.02, 0.05, flat, whole},
			level{"different", 0.16, 0.978, 0.30, flat, whole})
	case Locality:
		return one(shared, 30, judgeLocalities,
			level{"exact", 0.72, 0.03, 0.75, full, whole},
			level{"near", 0.12, 0.004, 0.08, partial, whole},
			level{"different", 0.16, 0.966, 0.17, flat, whole})
	case Postcode:
		return one(shared, 30, judgePostcodes,
			level{"exact", 0.80, 0.005, 0.75, full, whole},
			level{"slip", 0.08, 0.01, 0.05, flat, whole},
			level{"different", 0.12, 0.985, 0.20, flat, whole})
	case Sex:
		return one(personal, 40, judgeSexes,
			level{"exact", 0.985, 0.52, 0, flat, whole},
			level{"different", 0.015, 0.48, 0, flat, whole})
	}
	return one(shared, 30, judgeCategories, // category, nationality
		level{"exact", 0.92, 0.15, 0.85, full, whole},
		level{"near", 0.02, 0.01, 0.02, flat, whole},
		level{"different", 0.06, 0.84, 0.13, flat, whole})
}

// dateComparisons: two full dates are compared as days; as soon as one is only a
// year (or 01/01, which is the same), as years.
func dateComparisons(column int) []comparison {
	return []comparison{
		{column: column, judge: judgeDays, place: telling, freedom: 100, levels: []level{
			{"exact", 0.875, 1.0 / 12000, 0.04, full, whole},
			{"swapped", 0.015, 1.0 / 25000, 0.001, flat, whole},
			{"slip", 0.05, 0.0012, 0.002, flat, whole},
			{"parts", 0.025, 0.005, 0.01, flat, whole},
			{"year", 0.02, 0.025, 0.04, flat, whole},
			{"different", 0.015, 0.968, 0.907, flat, whole}}},
		{column: column, aspect: "year", judge: judgeYears, place: telling, freedom: 100, levels: []level{
			{"exact", 0.91, 0.03, 0.06, full, part},
			{"near", 0.05, 0.07, 0.08, flat, whole},
			{"different", 0.04, 0.90, 0.86, flat, whole}}},
	}
}
