package link

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel does n pieces of work on all cores. Which core does which, and when,
// must not matter to what comes of them.
func inParallel(n int, work func(i int)) {
	withEach(n, func() func(int) { return work })
}

// withEach is inParallel for work that needs something of its own on each core.
func withEach(n int, start func() func(i int)) {
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
