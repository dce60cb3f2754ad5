package link

import "math"

// outcome is what comparing two records came to.
type outcome struct {
	levels []uint8   // by comparison
	shifts []float64 // by comparison: how many bits rarer than usual the agreed value is
	bits   []float64 // by comparison: what it says
	weight float64
	// pull is what the pair counts for when clusters meet: its weight, but against no
	// more than by what contradicts in it. The prior, by which any two records are
	// thought strangers, isn't evidence against two that say little.
	pull float64
}

// weigher weighs pairs. It remembers what is dear to judge, so each core has its own.
type weigher struct {
	*engine
	scales    []scale
	seen      []memory // by comparison; those of names share one
	tables    *tables
	prior     float64
	relatives float64 // household pairs by pair of strangers
	doubted   []doubt
	refused   []conflict
	outcome
}

// scale is a comparison as the weigher looks at it.
type scale struct {
	comparison
	cell, in  int // of the field and of what it is within, -1 for none
	exclusive bool
	named     int       // the field's place among those of names, -1 for none
	usual     []float64 // by level: log2 of how frequent values are
}

// newWeigher makes one for comparing alone; model it for weights.
func (e *engine) newWeigher() *weigher {
	n := len(e.plan.comparisons)
	w := &weigher{engine: e, seen: make([]memory, n), outcome: outcome{levels: make([]uint8, n), shifts: make([]float64, n), bits: make([]float64, n)}}
	var ofNames memory
	for k, c := range e.plan.comparisons {
		s := scale{comparison: c, cell: c.column, in: -1, named: -1}
		if c.column >= 0 {
			s.in, s.exclusive, s.named = e.records.in[c.column], e.fields[c.column].Exclusive, e.records.named[c.column]
			for _, l := range c.levels {
				s.usual = append(s.usual, math.Log2(e.typical[c.column][l.by]))
			}
		}
		w.scales = append(w.scales, s)
		switch {
		case !c.dear:
		case s.named < 0:
			w.seen[k] = newMemory()
		default:
			if ofNames == nil {
				ofNames = newMemory()
			}
			w.seen[k] = ofNames
		}
	}
	return w
}

// model takes up what was learned.
func (w *weigher) take(m *Model) *weigher {
	w.tables = m.tables()
	strangers := 1 - m.Match - m.Relatives
	w.prior, w.relatives = math.Log2(m.Match/strangers), m.Relatives/strangers
	w.doubted, w.refused = w.doubts(), w.plan.conflicts()
	return w
}

// compare finds the levels and shifts of two records.
func (w *weigher) compare(a, b int32) {
	order := uint8(0)
	if g, f := w.plan.given, w.plan.family; g >= 0 {
		l, r := names{w.records.form(a, g), w.records.form(a, f)}, names{w.records.form(b, g), w.records.form(b, f)}
		order = l.order(r)
		if order == crossed && !l.before(r) {
			a, b = b, a
		}
	}
	left, right := w.records.row(a), w.records.row(b)
	for k := range w.scales {
		s := &w.scales[k]
		w.levels[k], w.shifts[k] = 0, 0
		if s.cell < 0 {
			w.levels[k] = order
			continue
		}
		other := s.cell // the second record's field
		if order == crossed {
			other = w.crosswise(s.cell)
		}
		l, r := left[s.cell], right[other]
		if l < 0 || r < 0 {
			continue
		}
		forms := w.records.pools[s.cell].forms
		if s.in >= 0 && !s.within(left[s.in], right[s.in], &forms[l], &forms[r]) {
			continue
		}
		level := w.judge(k, l, r, forms)
		if w.levels[k] = level; level > 0 && s.levels[level-1].adjust != flat {
			w.shifts[k] = w.shift(s, level-1, a, b, other, &forms[l], &forms[r])
		}
	}
}

// crosswise is the field of names that is compared with another one's when they are
// crossed.
func (w *weigher) crosswise(field int) int {
	switch field {
	case w.plan.given:
		return w.plan.family
	case w.plan.family:
		return w.plan.given
	}
	return field
}

// within: a number of another series says nothing, except that a document's number
// found again under another type is the document with its type mistaken.
func (s *scale) within(in, also int32, l, r *form) bool {
	return in >= 0 && in == also || s.exclusive && l.code == r.code && len(l.text) >= 6
}

// judge is the level of two forms, by numbers.
func (w *weigher) judge(k int, l, r int32, forms []form) uint8 {
	if w.seen[k] == nil {
		return w.scales[k].judge(&forms[l], &forms[r])
	}
	at, key := w.seen[k].place(l, r)
	if *at>>8 != key {
		*at = key<<8 | uint64(w.scales[k].judge(&forms[l], &forms[r]))
	}
	return uint8(*at)
}

// memory remembers the levels of pairs of forms, as many as it has room for.
type memory []uint64

func newMemory() memory { return make(memory, 1<<15) }

// place is where two forms' level is, if it is there, with the key it is under.
func (m memory) place(l, r int32) (*uint64, uint64) {
	key := uint64(min(l, r))<<28 | uint64(max(l, r)) + 1
	return &m[mix(key)%uint64(len(m))], key
}

// shift is the frequency adjustment of a level: how many bits rarer than usual the
// agreed value is, of the two the more frequent.
func (w *weigher) shift(s *scale, level uint8, a, b int32, other int, l, r *form) float64 {
	by := s.levels[level].by
	rare := min(l.rarity[by], r.rarity[by])
	if s.named >= 0 {
		rare = min(w.records.rare(a, s.named, by), w.records.rare(b, w.records.named[other], by))
	}
	shift := float64(rare) + s.usual[level]
	if s.levels[level].adjust == partial {
		shift = max(min(shift/2, 3), -3)
	}
	return shift
}

func (r *records) rare(n int32, named int, by aspect) float32 {
	return r.rarity[(int(n)*r.names+named)*int(aspects)+int(by)]
}

// weigh compares two records and says what that means.
func (w *weigher) weigh(a, b int32) {
	w.compare(a, b)
	sum, against, household := w.prior, 0.0, 0.0
	for k, level := range w.levels {
		if level == 0 {
			w.bits[k] = 0
			continue
		}
		bits := w.tables.match[k][level-1] + w.shifts[k]
		w.bits[k] = bits
		sum += bits
		against += min(bits, 0)
		household += w.tables.household[k][level-1]
		if w.tables.shifted[k] {
			household += w.shifts[k]
		}
	}
	w.weight = sum
	if w.tables.households {
		w.weight -= math.Log2(1 + w.relatives*math.Exp2(min(household, 500)))
	}
	for i := range w.doubted {
		if d := &w.doubted[i]; d.holds(&w.outcome) {
			w.weight -= float64(d.bits)
		}
	}
	if w.pull = w.weight; w.weight < 0 {
		w.pull = max(w.weight, against+w.weight-sum)
	}
}

// conflict says whether the pair weighed is in one.
func (w *weigher) conflict() bool {
	for i := range w.refused {
		if w.refused[i].holds(&w.outcome) {
			return true
		}
	}
	return false
}

// mix scatters the bits of a number (the finaliser of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
