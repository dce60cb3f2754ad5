package link

import (
	"math/rand/v2"
	"testing"
)

// known is what the ledger said of a history when its first n submissions were in.
func known(history []filed, n int) []filed {
	var then []filed
	for _, f := range history[:n] {
		if f.replaced > n {
			f.replaced = 0
		}
		then = append(then, f)
	}
	return then
}

// standingAt counts the mentions of a history that stand after its first n.
func standingAt(history []filed, n int) (mentions int) {
	for _, f := range known(history, n) {
		if f.replaced == 0 {
			mentions += f.mentions
		}
	}
	return mentions
}

// Where the reference ends follows from the ledger one submission after the other:
// a night knows of it what many small ones knew. It never goes back, it is all there
// is while that is little, and never far behind.
func TestReferenceFollowsTheLedger(t *testing.T) {
	const reuse = 500
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		var history []filed
		for seq := 1; seq <= 80; seq++ {
			history = append(history, filed{seq: seq, mentions: r.IntN(90)})
			if earlier := r.IntN(seq); r.IntN(4) == 0 && earlier > 0 && history[earlier-1].replaced == 0 {
				history[earlier-1].replaced = seq
			}
		}
		last := 0
		for n := 1; n <= len(history); n++ {
			end, standing := referenceEnd(known(history, n), reuse)
			if end != last && end != n {
				t.Fatalf("after %d submissions the reference ends at %d, after the one before at %d", n, end, last)
			}
			if want := standingAt(history, n); standing != want {
				t.Fatalf("after %d submissions %d mentions stand, want %d", n, standing, want)
			}
			size, since := standingAt(history, end), 0
			for _, f := range history[end:n] {
				since += f.mentions
			}
			if since*growth > size || size < reuse && end != n {
				t.Fatalf("after %d submissions the reference has %d mentions, and %d came since", n, size, since)
			}
			last = end
		}
	}
}

// Submissions found in one night may be replaced by one of a smaller number: saved
// later, it is the one that stands.
func TestReferenceOfOneNight(t *testing.T) {
	end, standing := referenceEnd([]filed{{seq: 1, mentions: 10}, {seq: 2, mentions: 7, replaced: 1}, {seq: 3, mentions: 1}}, 100)
	if end != 3 || standing != 11 {
		t.Errorf("the reference ends at %d, %d mentions stand; want 3, 11", end, standing)
	}
}
