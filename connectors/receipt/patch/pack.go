package patch

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// errTooLarge says that a part inflates to more than it may.
var errTooLarge = errors.New("a part is too large")

// pack is the zip of parts, with the parts to change.
type pack struct {
	zip     *zip.Reader
	index   map[string]*zip.File // by key
	changed map[string][]byte    // by key
	removed map[string]bool      // by key
	added   []string             // names, in order
	limit   int64
	types   *document // [Content_Types].xml
}

const typesPart = "[Content_Types].xml"

// key is a part's name for comparing: part names have no case, and some programs
// write backslashes.
func key(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func openPack(b []byte, limit int64) (*pack, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	z.RegisterDecompressor(zip.Deflate, decompressor)
	p := &pack{zip: z, index: map[string]*zip.File{}, changed: map[string][]byte{}, removed: map[string]bool{}, limit: limit}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, fmt.Errorf("%w: encrypted", ErrNotWorkbook)
		}
		if _, twice := p.index[key(f.Name)]; !twice {
			p.index[key(f.Name)] = f
		}
	}
	return p, p.loadTypes()
}

func (p *pack) loadTypes() error {
	text, err := p.read(typesPart)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	p.types, err = parse(text)
	return err
}

// emptyPack is a package whose workbook has no sheet yet.
func emptyPack() *pack {
	p := &pack{zip: &zip.Reader{}, index: map[string]*zip.File{}, changed: map[string][]byte{}, removed: map[string]bool{}, limit: 1 << 20}
	const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	p.add(typesPart, []byte(declaration+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/>`+
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`+
		`</Types>`))
	p.add("_rels/.rels", []byte(declaration+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`+
		`</Relationships>`))
	p.add("xl/workbook.xml", []byte(declaration+`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `+
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView/></bookViews><sheets/></workbook>`))
	if err := p.loadTypes(); err != nil {
		panic(err) // a constant: any test reads it
	}
	return p
}

func (p *pack) has(name string) bool {
	k := key(name)
	if p.removed[k] {
		return false
	}
	_, changed := p.changed[k]
	return changed || p.index[k] != nil
}

// read is the text of a part as UTF-8, the pending change included.
func (p *pack) read(name string) ([]byte, error) {
	k := key(name)
	if b, ok := p.changed[k]; ok {
		return b, nil
	}
	f := p.index[k]
	if f == nil || p.removed[k] {
		return nil, fmt.Errorf("%s: no such part", name)
	}
	b, err := inflate(f, p.limit, false)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b, err = asUTF8(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// head is the first n bytes of a part as stored.
func (p *pack) head(name string, n int64) ([]byte, error) {
	f := p.index[key(name)]
	if f == nil {
		return nil, fmt.Errorf("%s: no such part", name)
	}
	return inflate(f, n, true)
}

func inflate(f *zip.File, limit int64, cut bool) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// Room for what the part says it inflates to, where that is likely, and for the
	// buffer to meet its end.
	room := min(f.UncompressedSize64, uint64(limit), likelyRatio*f.CompressedSize64) + bytes.MinRead
	b := bytes.NewBuffer(make([]byte, 0, room))
	_, err = b.ReadFrom(io.LimitReader(r, limit+1))
	if int64(b.Len()) > limit {
		if cut {
			return b.Bytes()[:limit], nil
		}
		return nil, errTooLarge
	}
	return b.Bytes(), err
}

// likelyRatio is about the most that XML written by spreadsheet programs shrinks.
const likelyRatio = 32

// asUTF8 rewrites a part that isn't in UTF-8, without its declaration.
func asUTF8(b []byte) ([]byte, error) {
	var err error
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return b[3:], nil
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		b, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
	default:
		end := bytes.Index(b, []byte("?>"))
		if end < 0 || !bytes.HasPrefix(b, []byte("<?xml")) {
			return b, nil
		}
		switch declared := strings.ToLower(string(b[:end])); {
		case !strings.Contains(declared, "encoding"), strings.Contains(declared, "utf-8"), strings.Contains(declared, "us-ascii"):
			return b, nil
		case strings.Contains(declared, "8859-1"), strings.Contains(declared, "1252"):
			b, err = charmap.Windows1252.NewDecoder().Bytes(b)
		default:
			return nil, fmt.Errorf("unknown encoding in %q", declared)
		}
	}
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(b, []byte("<?xml")) {
		if end := bytes.Index(b, []byte("?>")); end > 0 {
			b = b[end+2:]
		}
	}
	return b, nil
}

func (p *pack) set(name string, b []byte) { p.changed[key(name)] = b }

func (p *pack) add(name string, b []byte) {
	p.added = append(p.added, name)
	p.set(name, b)
}

func (p *pack) remove(name string) {
	k := key(name)
	p.removed[k] = true
	delete(p.changed, k)
	if p.types == nil {
		return
	}
	if n := p.override(name); n != nil {
		p.types.replace(n, "")
	}
}

// free is the first name of that pattern no part has: "xl/comments%d.xml".
func (p *pack) free(pattern string) string {
	for i := 1; ; i++ {
		name := fmt.Sprintf(pattern, i)
		_, changed := p.changed[key(name)]
		if p.index[key(name)] == nil && !changed {
			return name
		}
	}
}

func (p *pack) override(name string) *node {
	for _, n := range p.types.root.children {
		if n.local() == "Override" && key(p.types.attr(n, "PartName")) == key(name) {
			return n
		}
	}
	return nil
}

// setType says what a part is.
func (p *pack) setType(name, contentType string) error {
	if n := p.override(name); n != nil {
		if p.types.attr(n, "ContentType") == contentType {
			return nil
		}
		p.types.setAttrs(n, "ContentType", contentType)
	} else {
		p.types.insert(p.types.root.close, qualify(`<Override PartName="/`+escape(name)+`" ContentType="`+contentType+`"/>`, p.types.prefix()))
	}
	return p.types.reload()
}

// setDefault says what parts with an extension are, unless it is said already.
func (p *pack) setDefault(extension, contentType string) error {
	for _, n := range p.types.root.children {
		if n.local() == "Default" && strings.EqualFold(p.types.attr(n, "Extension"), extension) {
			return nil
		}
	}
	first := p.types.root.close
	if len(p.types.root.children) > 0 {
		first = p.types.root.children[0].start
	}
	p.types.insert(first, qualify(`<Default Extension="`+extension+`" ContentType="`+contentType+`"/>`, p.types.prefix()))
	return p.types.reload()
}

// write copies the untouched parts compressed as they are, and writes the others.
// New entries carry no time, so that the same answer is the same bytes.
func (p *pack) write(out io.Writer) error {
	p.set(typesPart, p.types.bytes())
	z := zip.NewWriter(out)
	z.RegisterCompressor(zip.Deflate, compressor)
	written := map[string]bool{}
	for _, f := range p.zip.File {
		k := key(f.Name)
		if p.removed[k] || written[k] {
			continue
		}
		written[k] = true
		var err error
		if b, ok := p.changed[k]; ok {
			err = writeEntry(z, f.Name, b)
		} else {
			err = z.Copy(f)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	for _, name := range p.added {
		if b, ok := p.changed[key(name)]; ok && !written[key(name)] {
			written[key(name)] = true
			if err := writeEntry(z, name, b); err != nil {
				return fmt.Errorf("write %s: %w", name, err)
			}
		}
	}
	return z.Close()
}

func writeEntry(z *zip.Writer, name string, b []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// decompressors are kept from one part to the next.
var decompressors = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// decompressor is a zip.Decompressor.
func decompressor(r io.Reader) io.ReadCloser {
	d := decompressors.Get().(io.ReadCloser)
	_ = d.(flate.Resetter).Reset(r, nil) // as a new one, which can't fail
	return &pooledReader{ReadCloser: d}
}

type pooledReader struct {
	io.ReadCloser
	closed bool
}

func (p *pooledReader) Close() error {
	err := p.ReadCloser.Close()
	if !p.closed {
		p.closed = true
		decompressors.Put(p.ReadCloser)
	}
	return err
}

// compressors are kept from one answer to the next: each is a megabyte. The best
// compression would take a fifteenth off an answer, and take three times as long.
var compressors = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		panic(err) // a constant level
	}
	return w
}}

// compressor is a zip.Compressor.
func compressor(w io.Writer) (io.WriteCloser, error) {
	c := compressors.Get().(*flate.Writer)
	c.Reset(w)
	return &pooled{c}, nil
}

type pooled struct{ *flate.Writer }

func (p *pooled) Close() error {
	err := p.Writer.Close()
	compressors.Put(p.Writer)
	return err
}
