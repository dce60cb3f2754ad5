package run

import (
	"context"
	"runtime"
	"sync"
)

// cores is how many of the machine's a run may use: Resources.Threads, or all.
func (c Config) cores() int {
	if c.Resources.Threads > 0 {
		return c.Resources.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// inOrder makes n things, several at once, and has them taken one by one in their
// order: what comes of it doesn't depend on workers. At most workers are being
// made or wait to be taken, so that memory has a bound. The first error in that
// order ends it; nothing is being made any more when it returns.
func inOrder[T any](ctx context.Context, n, workers int, produce func(context.Context, int) (T, error), take func(int, T) error) error {
	type made struct {
		it  T
		err error
	}
	ctx, cancel := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	// What is in the queue and the one being waited for make up the workers.
	queue := make(chan chan made, max(workers, 1)-1)
	busy.Go(func() {
		defer close(queue)
		for i := range n {
			promise := make(chan made, 1)
			select {
			case queue <- promise:
			case <-ctx.Done():
				return
			}
			busy.Go(func() {
				it, err := produce(ctx, i)
				promise <- made{it, err}
			})
		}
	})
	i := 0
	for promise := range queue {
		m := <-promise
		if m.err != nil {
			return m.err
		}
		if err := take(i, m.it); err != nil {
			return err
		}
		i++
	}
	if i < n {
		return context.Cause(ctx)
	}
	return nil
}

// promised is something that is being made.
type promised[T any] struct {
	done chan struct{}
	it   T
	err  error
}

// promise begins to make something.
func promise[T any](produce func() (T, error)) *promised[T] {
	p := &promised[T]{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.it, p.err = produce()
	}()
	return p
}

// wait gives it when it is made, as often as one asks.
func (p *promised[T]) wait() (T, error) {
	<-p.done
	return p.it, p.err
}
