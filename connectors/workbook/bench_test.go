package workbook_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"cp3/connectors/workbook"
	"cp3/connectors/workbook/inflate"
	"cp3/pipeline"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// The two shapes of the benchmarks: an archive of a whole country in one sheet,
// and what a member sends.
var (
	bigInline = table{rows: 200_001, cols: 15, inline: true}
	bigShared = table{rows: 200_001, cols: 15}
	template  = table{rows: 1_500, cols: 20, sheets: 3, merges: true}
)

// table generates a workbook of made-up persons: the same bytes each time.
type table struct {
	rows, cols, sheets int
	inline             bool
	merges             bool
}

func (tb table) cells() int { return tb.rows * tb.cols * max(tb.sheets, 1) }

// write makes the file and returns its path; it is made once for all benchmarks.
func (tb table) write(tB testing.TB) string {
	tB.Helper()
	if generated == "" {
		var err error
		if generated, err = os.MkdirTemp("", "workbook-bench-"); err != nil {
			tB.Fatal(err)
		}
	}
	path := filepath.Join(generated, fmt.Sprintf("%dx%dx%d-%v.xlsx", tb.rows, tb.cols, tb.sheets, tb.inline))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	f, err := os.Create(path)
	if err != nil {
		tB.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(tb.encode(out), out.Flush(), f.Close()); err != nil {
		tB.Fatal(err)
	}
	return path
}

// generated is the folder of the big files, made when one is asked for.
var generated string

func TestMain(m *testing.M) {
	code := m.Run()
	if generated != "" {
		os.RemoveAll(generated)
	}
	os.Exit(code)
}

const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

func (tb table) encode(w io.Writer) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	rels, sheets := "", ""
	for i := range max(tb.sheets, 1) {
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		sheets += fmt.Sprintf(`<sheet name="Liste %d" sheetId="%d" r:id="rId%d"/>`, i+1, i+1, i+1)
	}
	types := `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	parts := [][2]string{
		{"[Content_Types].xml", types},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + ns + `><sheets>` + sheets + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels +
			`<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
			`<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + ns + `><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`},
	}
	for _, p := range parts {
		pw, err := z.Create(p[0])
		if err != nil {
			return err
		}
		io.WriteString(pw, p[1])
	}
	g := generator{table: tb, index: map[string]int{}, rnd: rand.New(rand.NewPCG(1, 2020))}
	for i := range max(tb.sheets, 1) {
		pw, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		if err != nil {
			return err
		}
		out := bufio.NewWriterSize(pw, 1<<16)
		g.sheet(out)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if pw, err := z.Create("xl/sharedStrings.xml"); err != nil {
		return err
	} else if err := g.strings(pw); err != nil {
		return err
	}
	return z.Close()
}

type generator struct {
	table
	rnd     *rand.Rand
	index   map[string]int
	entries []string
}

func (g *generator) sheet(w *bufio.Writer) {
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+`<worksheet %s><dimension ref="A1:%s"/><sheetData>`, ns, pipeline.Ref(g.cols, g.rows))
	var b []byte
	for r := 1; r <= g.rows; r++ {
		b = append(b[:0], `<row r="`...)
		b = strconv.AppendInt(b, int64(r), 10)
		b = append(b, `" spans="1:`...)
		b = strconv.AppendInt(b, int64(g.cols), 10)
		b = append(b, `">`...)
		for c := 1; c <= g.cols; c++ {
			b = g.cell(b, c, r)
		}
		b = append(b, `</row>`...)
		w.Write(b)
	}
	w.WriteString(`</sheetData>`)
	if g.merges {
		w.WriteString(`<mergeCells count="2"><mergeCell ref="A1:T1"/><mergeCell ref="B2:D2"/></mergeCells>`)
	}
	w.WriteString(`</worksheet>`)
}

var families = strings.Fields("Diallo Traoré Camara Ouédraogo Konaté Ba N'Guessan Mbarga Koné Sow Barry Keita Touré Cissé Sylla Bah Condé Fofana Kamara Mendy")
var givens = strings.Fields("Aminata Moussa Fatoumata Ibrahima Mariam Alpha Awa Ousmane Grâce Jean Aïcha Mamadou Chantal Serge Rokia Patrice")
var words = strings.Fields("Rabat Salé Kénitra Casablanca Mohammedia Témara F H Guinée Mali Sénégal Cameroun Couture Coiffure Électricité Soudure Cuisine oui non régularisé réfugié")

// cell writes one cell: names that rarely repeat, words that often do, a date, a
// number of file, an amount.
func (g *generator) cell(b []byte, c, r int) []byte {
	ref := pipeline.Ref(c, r)
	if r == 1 {
		return g.text(b, ref, "Colonne "+strconv.Itoa(c))
	}
	switch c % 5 {
	case 1:
		return g.text(b, ref, families[g.rnd.IntN(len(families))]+" "+givens[g.rnd.IntN(len(givens))])
	case 2:
		return fmt.Appendf(b, `<c r="%s" s="1"><v>%d</v></c>`, ref, 30000+g.rnd.IntN(14000))
	case 3:
		return g.text(b, ref, words[g.rnd.IntN(len(words))])
	case 4:
		return fmt.Appendf(b, `<c r="%s"><v>%d</v></c>`, ref, g.rnd.IntN(1_000_000))
	}
	if c == 5 {
		return g.text(b, ref, "MAR"+strconv.Itoa(100_000+g.rnd.IntN(200_000)))
	}
	return fmt.Appendf(b, `<c r="%s"><v>%.2f</v></c>`, ref, g.rnd.Float64()*10_000)
}

func (g *generator) text(b []byte, ref, s string) []byte {
	if g.inline {
		return fmt.Appendf(b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, s)
	}
	i, ok := g.index[s]
	if !ok {
		i = len(g.entries)
		g.index[s] = i
		g.entries = append(g.entries, s)
	}
	return fmt.Appendf(b, `<c r="%s" t="s"><v>%d</v></c>`, ref, i)
}

func (g *generator) strings(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+`<sst %s uniqueCount="%d">`, ns, len(g.entries))
	for _, s := range g.entries {
		out.WriteString("<si><t>" + s + "</t></si>")
	}
	out.WriteString("</sst>")
	return out.Flush()
}

// peers are the ways to read a file that the benchmarks compare.
var peers = []struct {
	name string
	read func(testing.TB, string) int
}{
	{"inflate", func(t testing.TB, path string) int {
		return inflateOnly(t, path, func(r io.Reader) io.Reader { return flate.NewReader(r) })
	}},
	{"inflate-ours", func(t testing.TB, path string) int {
		return inflateOnly(t, path, func(r io.Reader) io.Reader { return inflate.NewReader(r) })
	}},
	{"cp3", func(t testing.TB, path string) int { return cp3Read(t, path, workbook.Limits{}) }},
	{"cp3-two-cores", func(t testing.TB, path string) int { return cp3Read(t, path, workbook.Limits{TwoCores: true}) }},
	{"excelize-rows", excelizeRows},
	{"excelize-typed", excelizeTyped},
}

func BenchmarkRead(b *testing.B) {
	for _, f := range []struct {
		name string
		table
	}{{"inline", bigInline}, {"shared", bigShared}, {"template", template}} {
		path := f.write(b)
		for _, p := range peers {
			if strings.HasPrefix(p.name, "excelize-typed") && testing.Short() {
				continue
			}
			b.Run(f.name+"/"+p.name, func(b *testing.B) {
				peak := watchHeap()
				for b.Loop() {
					if n := p.read(b, path); n != 0 && n != f.cells() {
						b.Fatalf("%d cells, want %d", n, f.cells())
					}
				}
				b.ReportMetric(float64(f.cells())*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
				b.ReportMetric(peak(), "peakMB")
			})
		}
	}
}

// BenchmarkRatios measures the readers on the same file and reports how many times
// the work each takes of cp3's: processor time, the best of several tries, as other
// programs may be running. It is the one to quote. What two cores gain shows on
// the clock only: see BenchmarkRead.
func BenchmarkRatios(b *testing.B) {
	for _, f := range []struct {
		name string
		table
	}{{"inline", bigInline}, {"shared", bigShared}, {"template", template}} {
		b.Run(f.name, func(b *testing.B) {
			path := f.write(b)
			best := map[string]time.Duration{}
			for b.Loop() {
				for _, p := range peers {
					tries := 7
					if strings.HasPrefix(p.name, "excelize") {
						tries = 1
					}
					if p.name == "excelize-typed" && testing.Short() {
						continue
					}
					for range tries {
						runtime.GC()
						start := cpuTime()
						p.read(b, path)
						if d := cpuTime() - start; best[p.name] == 0 || d < best[p.name] {
							best[p.name] = d
						}
					}
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(best["cp3"].Seconds()*1000, "cp3-ms")
			for name, d := range best {
				if name != "cp3" {
					b.ReportMetric(d.Seconds()/best["cp3"].Seconds(), name+"/cp3")
				}
			}
		})
	}
}

// watchHeap samples what the Go heap takes, without stopping it; the function
// returned gives the peak in megabytes, above what was there before.
func watchHeap() func() float64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	held := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	base := held()
	peak := base
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				peak = max(peak, held())
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-done
		return float64(peak-base) / (1 << 20)
	}
}

// inflateOnly is the floor: the sheets' and strings' bytes, inflated and summed.
func inflateOnly(t testing.TB, path string, inflater func(io.Reader) io.Reader) int {
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	buf := make([]byte, 64<<10)
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") && f.Name != "xl/sharedStrings.xml" {
			continue
		}
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		r := inflater(bufio.NewReaderSize(raw, 32<<10))
		var crc uint32
		for {
			n, err := r.Read(buf)
			crc = crc32.Update(crc, crc32.IEEETable, buf[:n])
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if crc != f.CRC32 {
			t.Fatal("checksum")
		}
	}
	return 0
}

func cp3Read(t testing.TB, path string, lim workbook.Limits) int {
	b, err := workbook.Open(context.Background(), path, lim)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	n := 0
	for _, s := range b.Sheets() {
		err := b.Read(context.Background(), s.Index, func(r pipeline.Row) error {
			n += len(r.Cells)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if issues := b.Troubles(); len(issues) > 0 {
		t.Fatal(issues[0])
	}
	return n
}

func excelizeRows(t testing.TB, path string) int {
	x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	n := 0
	for _, s := range x.GetSheetList() {
		rows, err := x.Rows(s)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cols, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			n += len(cols)
		}
		rows.Close()
	}
	return n
}

// excelizeTyped is what it takes to know dates from numbers from texts.
func excelizeTyped(t testing.TB, path string) int {
	x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	n := 0
	for _, s := range x.GetSheetList() {
		rows, err := x.GetRows(s, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				ref := pipeline.Ref(c+1, r+1)
				if _, err := x.GetCellType(s, ref); err != nil {
					t.Fatal(err)
				}
				if _, err := x.GetCellStyle(s, ref); err != nil {
					t.Fatal(err)
				}
				n++
			}
		}
	}
	return n
}

// The generator gives the same bytes each time, or ratios mean nothing.
func TestGeneratorIsDeterministic(t *testing.T) {
	small := table{rows: 30, cols: 15, sheets: 2, merges: true}
	var a, b bytes.Buffer
	if err := errors.Join(small.encode(&a), small.encode(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs gave different files")
	}
}
