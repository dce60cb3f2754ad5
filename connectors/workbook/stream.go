package workbook

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"time"

	"cp3/connectors/workbook/inflate"
)

// damage is why a part's bytes stop, or can't be trusted: the member's trouble,
// on its way from the stream to the reader that knows the place.
type damage struct {
	code string // of the catalogue; "" codes are the reader's to choose, by kind
	kind damageKind
	args []string
}

type damageKind uint8

const (
	cutShort damageKind = iota + 1 // the compressed bytes end too early
	corrupt                        // they can't be inflated, or the checksum disagrees
	beyond                         // a limit was reached: code says which
)

func (d *damage) Error() string { return "part damaged: " + d.code }

// stream is a part being inflated. It counts, checks the sum, and watches the
// limits, the clock and the context, once a read.
type stream struct {
	ctx      context.Context
	lim      *Limits
	deadline time.Time
	src      *source
	r        io.Reader // inflated bytes
	entry    *zip.File
	max      int64
	read     int64
	crc      uint32
	err      error // sticky
}

// open starts inflating a part. It returns a *damage when the entry can't be
// read at all.
func (p *parts) open(ctx context.Context, inf *inflate.Reader, name string, max int64, lim *Limits, deadline time.Time) (*stream, error) {
	f := p.byName[partName(name)]
	if f == nil {
		return nil, &damage{code: "workbook.missing_part", kind: beyond, args: []string{"part", name}}
	}
	if f.Flags&1 != 0 {
		return nil, &damage{code: "workbook.encrypted", kind: beyond}
	}
	raw, err := f.OpenRaw()
	if err != nil {
		if p.src.err != nil {
			return nil, p.src.err
		}
		return nil, &damage{kind: corrupt}
	}
	s := &stream{ctx: ctx, lim: lim, deadline: deadline, src: p.src, entry: f, max: max}
	switch f.Method {
	case zip.Store:
		s.r = raw
	case zip.Deflate:
		inf.Reset(raw)
		s.r = inf
	default:
		return nil, &damage{code: "workbook.unknown_compression", kind: beyond, args: []string{"method", strconv.Itoa(int(f.Method))}}
	}
	return s, nil
}

func (s *stream) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.crc = crc32.Update(s.crc, crc32.IEEETable, p[:n])
	s.read += int64(n)
	if err != nil {
		s.err = s.ending(err)
	} else {
		s.err = s.watch()
	}
	return n, s.err
}

// ending says what the end of the inflated bytes means.
func (s *stream) ending(err error) error {
	switch {
	case s.src.err != nil:
		return fmt.Errorf("read workbook: %w", s.src.err)
	case errors.Is(err, io.EOF):
		if s.read != int64(s.entry.UncompressedSize64) || s.crc != s.entry.CRC32 {
			return &damage{kind: corrupt}
		}
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &damage{kind: cutShort}
	}
	return &damage{kind: corrupt}
}

// watch looks at everything that may stop a part that inflates well.
func (s *stream) watch() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	switch {
	case s.read > s.max:
		return &damage{code: "workbook.part_too_large", kind: beyond, args: []string{"limit", megabytes(s.max)}}
	case s.read > ratioFloor && float64(s.read) > s.lim.Ratio*float64(max(s.entry.CompressedSize64, 1)):
		return &damage{code: "workbook.bomb", kind: beyond}
	case s.lim.Now().After(s.deadline):
		return &damage{code: "workbook.too_slow", kind: beyond, args: []string{"limit", strconv.Itoa(int(s.lim.Time.Seconds()))}}
	}
	return nil
}

// megabytes prints a size for a message, rounded up.
func megabytes(n int64) string { return strconv.FormatInt((n+1<<20-1)>>20, 10) }
