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
	when    string // SQL condition on L.<feature> and R.<feature>; "" for the last
	m, u, h float64
	adjust  adjust
	by      string // feature whose frequency adjusts
}

// place says how a comparison stands to a household.
type place uint8

const (
	personal place = iota // a household shares it no more than strangers do: h is u
	telling               // h is the prior: twins' birthdays, numbers issued one after the other
	shared                // h is learned: family name, address, telephone
)

// comparison is how one column is compared.
type comparison struct {
	column   int    // index in the spec's resolved columns
	aspect   string // "" or what part of the column: "year"
	needs    string // SQL: when there is something to compare
	measures []measure
	levels   []level
	place    place
	freedom  float64 // weight of the prior on m, in pairs
}

// feature is one prepared form of a column's values.
type feature struct {
	name      string
	sqlType   string
	frequency bool    // its values are counted
	prior     float64 // frequency of a value nobody has seen, as 1/k: identifiers are rarer than names
}

// A given or family name that nobody knows yet is taken for one that a person in a
// hundred has: where lists come from, few names serve many.
var nameFeatures = []feature{
	{"x", "varchar", true, 0.01}, {"s", "varchar", true, 0.012}, {"k", "varchar", false, 0},
	{"w", "varchar", false, 0}, {"a", "boolean", false, 0},
}

// features lists what extract gives for a kind.
func features(kind Kind) []feature {
	switch kind {
	case GivenName, FamilyName:
		return nameFeatures
	case Date:
		return []feature{{"x", "varchar", true, 1.0 / 12000}, {"y", "integer", true, 1.0 / 40}}
	case Identifier:
		return []feature{{"x", "varchar", true, 1e-6}}
	case Phone:
		return []feature{{"x", "varchar", true, 1e-5}}
	case Email:
		return []feature{{"x", "varchar", true, 1e-6}, {"l", "varchar", true, 1e-4}}
	case Address:
		return []feature{{"x", "varchar", true, 1e-3}, {"w", "varchar", false, 0}}
	case Locality:
		return []feature{{"x", "varchar", true, 0.02}, {"k", "varchar", false, 0}}
	case Postcode:
		return []feature{{"x", "varchar", true, 0.005}}
	case Sex:
		return []feature{{"x", "varchar", false, 0}}
	}
	return []feature{{"x", "varchar", true, 0.1}}
}

// measure is a similarity that several levels of a comparison look at: computed
// once a pair, and only where the values differ. Conditions see it as M.<name>.
type measure struct{ name, sql string }

// jaro is the similarity of two short texts by the letters they share in about the
// same place; with a bonus for a common beginning in jaroWinkler.
var (
	jaro        = measure{"j", "case when L.x = R.x then 1 else jaro_similarity(L.x, R.x) end"}
	jaroWinkler = measure{"j", "case when L.x = R.x then 1 else jaro_winkler_similarity(L.x, R.x) end"}
)

// slip: one character typed wrong, forgotten, added, or two exchanged. One exchange
// is the only way for texts of n characters to have a Jaro similarity of 1 - 1/3n;
// levenshtein, dear, is asked of similar texts only.
const slip = `case when M.j < 0.8 then false
	when length(L.x) = length(R.x) and M.j >= 1 - 0.34 / length(L.x) then true
	else levenshtein(L.x, R.x) <= 1 end`

var nameMeasures = []measure{
	{"j", "case when L.x = R.x or L.s = R.s then 1 else jaro_winkler_similarity(L.x, R.x) end"},
	{"h", "case when L.x = R.x or L.s = R.s then 1 else jaro_winkler_similarity(L.s, R.s) end"},
}

// nearName: one slip of the pen, in the letters or in the sound.
const nearName = `M.j >= 0.93 or (M.h >= 0.95 and length(L.s) >= 5 and length(R.s) >= 5)
	or (case when M.j >= 0.82 and length(L.x) >= 4 and length(R.x) >= 4 then levenshtein(L.x, R.x) <= 1 else false end)`

// samePart: a word in common where one side has several, an initial, or a beginning.
const samePart = `case when contains(L.w, ' ') or contains(R.w, ' ')
	then list_has_any(list_filter(string_split(L.w, ' '), lambda w: length(w) >= 3), string_split(R.w, ' '))
	when length(L.x) between 1 and 6 and length(L.x) <> 2 and starts_with(R.x, L.x) then true
	when length(R.x) between 1 and 6 and length(R.x) <> 2 and starts_with(L.x, R.x) then true
	else false end`

func nameLevels(m, h [6]float64) []level {
	return []level{
		{"exact", "L.x = R.x", m[0], 0.008, h[0], full, "x"},
		{"sound", "L.s = R.s or (L.a <> R.a and L.k = R.k and length(L.k) >= 2)", m[1], 0.003, h[1], full, "s"},
		{"near", nearName, m[2], 0.004, h[2], partial, "x"},
		{"part", samePart, m[3], 0.005, h[3], partial, "x"},
		{"similar", "M.j >= 0.82 or M.h >= 0.85", m[4], 0.02, h[4], flat, ""},
		{"different", "", m[5], 0.96, h[5], flat, ""},
	}
}

// comparisons lists how a column of a kind is compared.
func comparisons(kind Kind, column int) []comparison {
	both := "L.x is not null and R.x is not null"
	one := func(p place, freedom float64, m []measure, levels ...level) []comparison {
		return []comparison{{column: column, needs: both, measures: m, levels: levels, place: p, freedom: freedom}}
	}
	letters, start := []measure{jaro}, []measure{jaroWinkler}
	switch kind {
	case GivenName:
		return one(personal, 100, nameMeasures, nameLevels([6]float64{0.72, 0.12, 0.07, 0.05, 0.02, 0.02}, [6]float64{})...)
	case FamilyName:
		return one(shared, 100, nameMeasures, nameLevels([6]float64{0.77, 0.11, 0.06, 0.03, 0.012, 0.018}, [6]float64{0.60, 0.05, 0.03, 0.02, 0.03, 0.27})...)
	case Date:
		return dateComparisons(column)
	case Identifier:
		return one(telling, 100, letters,
			level{"exact", "L.x = R.x", 0.86, 1e-6, 0.02, full, "x"},
			level{"slip", "length(L.x) >= 5 and length(R.x) >= 5 and (" + slip + ")", 0.06, 2e-3, 0.12, flat, ""},
			level{"near", "case when M.j >= 0.8 and length(L.x) >= 7 and length(R.x) >= 7 then levenshtein(L.x, R.x) <= 2 else false end", 0.02, 1e-2, 0.10, flat, ""},
			level{"different", "", 0.06, 0.988, 0.76, flat, ""})
	case Phone:
		return one(shared, 100, letters,
			level{"exact", "L.x = R.x", 0.70, 1e-5, 0.35, full, "x"},
			level{"slip", slip, 0.06, 1e-3, 0.01, flat, ""},
			level{"different", "", 0.24, 0.999, 0.64, flat, ""})
	case Email:
		return one(shared, 40, start,
			level{"exact", "L.x = R.x", 0.70, 1e-6, 0.10, full, "x"},
			level{"account", "L.l = R.l", 0.05, 1e-4, 0.01, full, "l"},
			level{"near", "M.j >= 0.92", 0.08, 1e-4, 0.02, flat, ""},
			level{"different", "", 0.17, 0.999, 0.87, flat, ""})
	case Address:
		return one(shared, 30, []measure{jaroWinkler, {"h", "case when L.x = R.x or L.w = R.w then 1 else jaro_winkler_similarity(L.w, R.w) end"}},
			level{"exact", "L.x = R.x", 0.62, 0.001, 0.55, full, "x"},
			level{"near", "M.j >= 0.92 or L.w = R.w", 0.15, 0.001, 0.10, partial, "x"},
			level{"similar", "M.j >= 0.82 or M.h >= 0.88", 0.07, 0.02, 0.05, flat, ""},
			level{"different", "", 0.16, 0.978, 0.30, flat, ""})
	case Locality:
		return one(shared, 30, start,
			level{"exact", "L.x = R.x", 0.72, 0.03, 0.75, full, "x"},
			level{"near", "M.j >= 0.9 or (L.k = R.k and length(L.k) >= 2)", 0.12, 0.004, 0.08, partial, "x"},
			level{"different", "", 0.16, 0.966, 0.17, flat, ""})
	case Postcode:
		return one(shared, 30, letters,
			level{"exact", "L.x = R.x", 0.80, 0.005, 0.75, full, "x"},
			level{"slip", slip, 0.08, 0.01, 0.05, flat, ""},
			level{"different", "", 0.12, 0.985, 0.20, flat, ""})
	case Sex:
		return one(personal, 40, nil,
			level{"exact", "L.x = R.x", 0.985, 0.52, 0, flat, ""},
			level{"different", "", 0.015, 0.48, 0, flat, ""})
	}
	return one(shared, 30, letters, // category, nationality
		level{"exact", "L.x = R.x", 0.92, 0.15, 0.85, full, "x"},
		level{"near", "length(L.x) >= 4 and length(R.x) >= 4 and (" + slip + ")", 0.02, 0.01, 0.02, flat, ""},
		level{"different", "", 0.06, 0.84, 0.13, flat, ""})
}

// dateComparisons: two full dates are compared as days; as soon as one is only a
// year (or 01/01, which is the same), as years.
func dateComparisons(column int) []comparison {
	return []comparison{
		{column: column, needs: "L.x is not null and R.x is not null", measures: []measure{jaro}, place: telling, freedom: 100, levels: []level{
			{"exact", "L.x = R.x", 0.875, 1.0 / 12000, 0.04, full, "x"},
			{"swapped", "L.x[:4] = R.x[:4] and L.x[5:6] = R.x[7:8] and L.x[7:8] = R.x[5:6]", 0.015, 1.0 / 25000, 0.001, flat, ""},
			{"slip", "hamming(L.x, R.x) = 1 or M.j >= 0.958", 0.05, 0.0012, 0.002, flat, ""},
			{"parts", "(L.x[:4] = R.x[:4])::int + (L.x[5:6] = R.x[5:6])::int + (L.x[7:8] = R.x[7:8])::int = 2", 0.025, 0.005, 0.01, flat, ""},
			{"year", "L.x[:4] = R.x[:4]", 0.02, 0.025, 0.04, flat, ""},
			{"different", "", 0.015, 0.968, 0.907, flat, ""}}},
		{column: column, aspect: "year", place: telling, freedom: 100,
			needs: "(L.x is null or R.x is null) and L.y is not null and R.y is not null", levels: []level{
				{"exact", "L.y = R.y", 0.91, 0.03, 0.06, full, "y"},
				{"near", "abs(L.y - R.y) = 1", 0.05, 0.07, 0.08, flat, ""},
				{"different", "", 0.04, 0.90, 0.86, flat, ""}}},
	}
}
