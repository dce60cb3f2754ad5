// Package parallel does many small pieces of work on all cores.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does n pieces of work on all cores. Which core does which, and when,
// must not matter to what comes of them.
func Each(n int, work func(i int)) {
	With(n, func() func(int) { return work })
}

// With is Each for work that needs something of its own on each core.
func With(n int, start func() func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			work := start()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}
