package inflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// samples are texts of all the kinds DEFLATE has a block for.
func samples() map[string][]byte {
	rnd := rand.New(rand.NewPCG(7, 7))
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(rnd.Uint32())
	}
	var xml bytes.Buffer
	for r := range 20_000 {
		fmt.Fprintf(&xml, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%.2f</v></c></row>`, r, r, rnd.IntN(900), r, rnd.Float64()*1000)
	}
	var skewed []byte // codes of every length up to 15
	for i := range 60 {
		skewed = append(skewed, bytes.Repeat([]byte{byte(i)}, 1<<min(i/3, 14))...)
	}
	rnd.Shuffle(len(skewed), func(i, j int) { skewed[i], skewed[j] = skewed[j], skewed[i] })
	return map[string][]byte{
		"empty": {}, "one": {'a'}, "noise": noise, "xml": xml.Bytes(), "skewed": skewed,
		"zeros": make([]byte, 1<<20), "short period": bytes.Repeat([]byte("abc"), 100_000),
		"far": append(append(append([]byte{}, noise[:32768]...), noise[:32768]...), noise[:40000]...),
	}
}

func deflate(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGivesBackWhatWasDeflated(t *testing.T) {
	r := NewReader(nil)
	for name, data := range samples() {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 6, 9} {
			packed := deflate(t, data, level)
			for how, src := range map[string]io.Reader{
				"whole": bytes.NewReader(packed), "bytes": iotest.OneByteReader(bytes.NewReader(packed)), "data with error": iotest.DataErrReader(bytes.NewReader(packed)),
			} {
				r.Reset(src)
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, data) {
					t.Fatalf("%s, level %d, %s: %d bytes, want %d; error %v", name, level, how, len(got), len(data), err)
				}
			}
		}
	}
}

// Cut anywhere, a stream gives what came before the cut, and says it was cut.
func TestCutShort(t *testing.T) {
	data := samples()["xml"][:3000]
	packed := deflate(t, data, 6)
	for n := range packed {
		got, err := io.ReadAll(NewReader(bytes.NewReader(packed[:n])))
		if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(data, got) {
			t.Fatalf("cut at %d of %d: %d bytes, error %v", n, len(packed), len(got), err)
		}
	}
}

// An error of the source is passed on as it is.
func TestSourceError(t *testing.T) {
	broken := errors.New("disk on fire")
	packed := deflate(t, samples()["xml"], 6)
	_, err := io.ReadAll(NewReader(io.MultiReader(bytes.NewReader(packed[:5000]), iotest.ErrReader(broken))))
	if !errors.Is(err, broken) {
		t.Fatalf("error %v, want %v", err, broken)
	}
}

// same checks the law of the package: what compress/flate inflates, we inflate to
// the same bytes; what it refuses, we refuse, after the same bytes or fewer
// delivered late, never others.
func same(t *testing.T, packed []byte) {
	t.Helper()
	const room = 1 << 22
	want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), room))
	got, err := io.ReadAll(io.LimitReader(NewReader(bytes.NewReader(packed)), room))
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("error %v, compress/flate %v", err, wantErr)
	}
	if wantErr == nil && !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, compress/flate %d, first difference at %d", len(got), len(want), differ(got, want))
	}
	if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
		t.Fatalf("different bytes before an error, at %d", differ(got, want))
	}
	if errors.Is(wantErr, io.ErrUnexpectedEOF) != errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("error %v, compress/flate %v", err, wantErr)
	}
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// Damaged streams: one bit flipped, over all of a small one.
func TestDamagedLikeStandard(t *testing.T) {
	for name, data := range samples() {
		packed := deflate(t, data[:min(len(data), 4000)], 6)
		step := max(1, len(packed)*8/400)
		for bit := 0; bit < len(packed)*8; bit += step {
			bad := bytes.Clone(packed)
			bad[bit/8] ^= 1 << (bit % 8)
			t.Run(fmt.Sprint(name, bit), func(t *testing.T) { same(t, bad) })
		}
	}
}

func FuzzLikeStandard(f *testing.F) {
	for _, data := range samples() {
		for _, level := range []int{flate.HuffmanOnly, 0, 6} {
			f.Add(deflate(f, data[:min(len(data), 2000)], level))
		}
	}
	f.Fuzz(func(t *testing.T, packed []byte) { same(t, packed) })
}

func BenchmarkInflate(b *testing.B) {
	data := samples()["xml"]
	packed := deflate(b, data, 6)
	buf := make([]byte, 64<<10)
	run := func(b *testing.B, reset func(io.Reader) io.Reader) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			r := reset(bytes.NewReader(packed))
			for {
				if _, err := r.Read(buf); err != nil {
					break
				}
			}
		}
	}
	b.Run("ours", func(b *testing.B) {
		r := NewReader(nil)
		run(b, func(src io.Reader) io.Reader { r.Reset(src); return r })
	})
	b.Run("standard", func(b *testing.B) {
		r := flate.NewReader(nil)
		run(b, func(src io.Reader) io.Reader { r.(flate.Resetter).Reset(src, nil); return r })
	})
}
