package link

import (
	"math"
	"testing"
)

// The shipped priors are probabilities: each class's sum to one over the levels.
func TestPriorsAreDistributions(t *testing.T) {
	for _, kind := range Kinds() {
		if kind == FullName {
			continue // compared as the names it holds
		}
		for _, c := range comparisons(kind, 0) {
			var m, u, h float64
			for _, l := range c.levels {
				m, u, h = m+l.m, u+l.u, h+l.h
			}
			if math.Abs(m-1) > 1e-9 || math.Abs(u-1) > 0.005 {
				t.Errorf("%s %s: m sums to %g, u to %g", kind, c.aspect, m, u)
			}
			if c.place != personal && math.Abs(h-1) > 1e-9 {
				t.Errorf("%s %s: h sums to %g", kind, c.aspect, h)
			}
		}
	}
}
