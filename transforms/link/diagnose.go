package link

import (
	"maps"
	"math"
	"slices"
)

// Diagnostics is what a statistician asks of a linkage: the model, how weights are
// spread, what blocking may have missed, how far to trust the clusters. It holds
// no value of any record.
type Diagnostics struct {
	Model     Model
	Records   int
	Persons   int
	Sizes     []Count // persons by number of records
	Weights   []Count // weighed pairs by weight, in bits, rounded down
	Threshold float64 // bits
	Compared  int

	Matches   int     // pairs above the threshold and free of contradictions
	Joined    int     // pairs within a person
	Precision float64 // of joined pairs, expected by the model
	Uncertain int
	Blocking  Recall
}

// Count is how many of something there are at a value.
type Count struct{ Value, N int }

// Recall is what blocking is thought to have found of the matches. Matches proposed
// by one rule only, and by two only, tell how many were proposed by none (Chao
// 1984, a lower bound of what is missing).
type Recall struct {
	Found   int // matches proposed by some rule
	Once    int // by one rule only
	Twice   int // by two
	Later   int // matches that no rule proposed, met when components were completed
	Missing float64
	Share   float64 // found of all, estimated
}

// Diagnose looks back at a run. The result must not have been closed.
func (r *Result) Diagnose() Diagnostics {
	d := Diagnostics{Model: r.Model, Records: len(r.IDs), Persons: r.Persons(), Threshold: threshold(len(r.IDs)), Compared: r.Compared}
	d.Sizes = r.sizes()
	d.Weights, d.Blocking, d.Uncertain = r.engine.histogram(), r.engine.recall(d.Threshold), r.CountUncertain()
	sum := 0.0
	for _, p := range r.engine.pairs {
		if p.weight >= d.Threshold && !p.conflict {
			d.Matches++
		}
		if p.weight > 0 && r.person[p.a] == r.person[p.b] {
			d.Joined++
			sum += Probability(p.weight)
		}
	}
	if d.Joined > 0 {
		d.Precision = sum / float64(d.Joined)
	}
	return d
}

// sizes counts persons by number of records.
func (r *Result) sizes() []Count {
	records := map[int32]int{}
	for _, p := range r.person {
		records[p]++
	}
	persons := map[int]int{}
	for _, n := range records {
		persons[n]++
	}
	var counts []Count
	for size, n := range persons {
		counts = append(counts, Count{size, n})
	}
	slices.SortFunc(counts, func(a, b Count) int { return a.Value - b.Value })
	return counts
}

func (e *engine) histogram() []Count {
	pairs := map[int]int{}
	for _, p := range e.pairs {
		pairs[int(max(min(math.Floor(p.weight), 40), -10))]++
	}
	var counts []Count
	for _, bits := range slices.Sorted(maps.Keys(pairs)) {
		counts = append(counts, Count{bits, pairs[bits]})
	}
	return counts
}

// recall counts how many rules proposed each match.
func (e *engine) recall(threshold float64) Recall {
	var r Recall
	for _, p := range e.pairs {
		if p.weight <= threshold || p.conflict {
			continue
		}
		switch p.times {
		case 0:
			r.Later++
			continue
		case 1:
			r.Once++
		case 2:
			r.Twice++
		}
		r.Found++
	}
	// The bias-corrected form stands when no match was proposed exactly twice.
	once, twice := float64(r.Once), float64(r.Twice)
	r.Missing = max(once*(once-1)/(2*(twice+1)), float64(r.Later))
	if r.Found > 0 {
		r.Share = float64(r.Found) / (float64(r.Found) + r.Missing)
	}
	return r
}
