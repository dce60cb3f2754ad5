package workbook

import "io"

// ahead reads a stream in a goroutine of its own, a few blocks in advance.
type ahead struct {
	full  chan block
	empty chan []byte
	stop  chan struct{}
	done  chan struct{}
	cur   block
	at    int
}

type block struct {
	buf []byte
	n   int
	err error
}

// readAhead starts reading src. close must be called, and src not used before.
func readAhead(src io.Reader) *ahead {
	const blocks, size = 3, 256 << 10 // large: each is one waking of the other
	a := &ahead{full: make(chan block, blocks), empty: make(chan []byte, blocks), stop: make(chan struct{}), done: make(chan struct{})}
	for range blocks {
		a.empty <- make([]byte, size)
	}
	go a.run(src)
	return a
}

func (a *ahead) run(src io.Reader) {
	defer close(a.done)
	for {
		var buf []byte
		select {
		case buf = <-a.empty:
		case <-a.stop:
			return
		}
		n, err := fill(src, buf)
		select {
		case a.full <- block{buf, n, err}:
		case <-a.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// fill reads until the buffer is full or the stream ends.
func fill(src io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; {
		var m int
		m, err = src.Read(buf[n:])
		n += m
		if m > 0 {
			idle = 0
		} else if idle++; err == nil && idle > 100 {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

func (a *ahead) Read(p []byte) (int, error) {
	for a.at == a.cur.n {
		if a.cur.err != nil {
			return 0, a.cur.err
		}
		if a.cur.buf != nil {
			a.empty <- a.cur.buf
		}
		a.cur, a.at = <-a.full, 0
	}
	n := copy(p, a.cur.buf[a.at:a.cur.n])
	a.at += n
	return n, nil
}

// close ends the goroutine and waits for it: the inflater is free again.
func (a *ahead) close() {
	close(a.stop)
	<-a.done
}
