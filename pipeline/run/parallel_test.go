package run

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// Whatever the number of workers, things are taken in their order, and no more
// than that many are under way.
func TestInOrderKeepsOrderAndBound(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 3, 8} {
		var under, most atomic.Int32
		var got []int
		err := inOrder(t.Context(), 50, workers, func(_ context.Context, i int) (int, error) {
			now := under.Add(1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
			under.Add(-1)
			return i * i, nil
		}, func(i, sq int) error {
			if sq != i*i {
				t.Errorf("%d came as %d", i, sq)
			}
			got = append(got, i)
			return nil
		})
		if err != nil || len(got) != 50 || !slices.IsSorted(got) {
			t.Errorf("%d workers: %v, %v", workers, err, got)
		}
		if n := int(most.Load()); n > max(workers, 1) {
			t.Errorf("%d at once, want %d at most", n, workers)
		}
	}
}

// The first error in the order of things is told, whichever came first on the
// clock, nothing after it is taken, and nobody works on afterwards.
func TestInOrderEndsWithTheFirstError(t *testing.T) {
	bad, worse := errors.New("bad"), errors.New("worse")
	var under atomic.Int32
	taken := 0
	err := inOrder(t.Context(), 20, 4, func(ctx context.Context, i int) (int, error) {
		under.Add(1)
		defer under.Add(-1)
		switch i {
		case 5:
			time.Sleep(5 * time.Millisecond)
			return 0, bad
		case 6:
			return 0, worse
		}
		return i, nil
	}, func(int, int) error { taken++; return nil })
	if !errors.Is(err, bad) || taken != 5 || under.Load() != 0 {
		t.Errorf("%v, %d taken, %d still at work", err, taken, under.Load())
	}
	full := errors.New("full")
	if err := inOrder(t.Context(), 9, 3, func(_ context.Context, i int) (int, error) { return i, nil }, func(int, int) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

// Cancelling ends it, also while nothing fails by itself.
func TestInOrderIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := inOrder(ctx, 1000, 2, func(ctx context.Context, i int) (int, error) {
		if i == 3 {
			cancel()
		}
		return i, ctx.Err()
	}, func(int, int) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
