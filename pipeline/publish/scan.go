package publish

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"html"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf16"

	"cp3/pipeline/fold"
)

// Sighting is a needle found where it must not be. It says which by number, never
// by its text: a needle is somebody's name.
type Sighting struct {
	File   string // below the folder, slash-separated; an entry of a zip after "!"
	Needle int    // index in the list given to Scan
	As     string // "name", "text" or "bytes"
}

func (s Sighting) String() string { return fmt.Sprintf("%s: needle %d, as %s", s.File, s.Needle, s.As) }

// Texts reads every text of a file whose bytes hide them: compressed columns of
// DuckDB and Parquet files.
type Texts func(ctx context.Context, path string) iter.Seq2[string, error]

// Scan searches every byte of a folder for needles: names, paper numbers, phones,
// dates. It looks in file names, in the raw bytes (UTF-8, UTF-16 and Latin-1,
// several cases), in the words of text whatever their case and accents, inside
// zip entries with the markup taken out, and, with texts, in every value of .duckdb
// and .parquet files. A needle of under four letters or digits is only looked for
// as a word.
func Scan(ctx context.Context, dir string, needles []string, texts Texts) ([]Sighting, error) {
	s := scanner{finder: newFinder(needles), texts: texts, seen: map[Sighting]bool{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return s.file(ctx, path, filepath.ToSlash(rel))
	})
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	return s.found, nil
}

type scanner struct {
	finder
	texts Texts
	found []Sighting
	seen  map[Sighting]bool
}

func (s *scanner) saw(file, as string, needles iter.Seq[int]) {
	for n := range needles {
		one := Sighting{file, n, as}
		if !s.seen[one] {
			s.seen[one] = true
			s.found = append(s.found, one)
		}
	}
}

func (s *scanner) file(ctx context.Context, path, name string) error {
	s.saw(name, "name", s.words(name))
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if ext := filepath.Ext(name); s.texts != nil && (ext == ".duckdb" || ext == ".parquet") {
		for text, err := range s.texts(ctx, path) {
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			s.saw(name, "text", s.words(text))
		}
	}
	return s.bytesOf(b, name)
}

// bytesOf looks in bytes, and in what they hold when they are a zip.
func (s *scanner) bytesOf(b []byte, name string) error {
	s.saw(name, "bytes", s.raw(b))
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		s.saw(name, "text", s.words(string(b)))
		if bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
			s.saw(name, "text", s.words(withoutMarkup(string(b))))
		}
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			return fmt.Errorf("%s!%s: %w", name, entry.Name, err)
		}
		inside, err := io.ReadAll(r)
		if err != nil {
			return fmt.Errorf("%s!%s: %w", name, entry.Name, err)
		}
		s.saw(name+"!"+entry.Name, "name", s.words(entry.Name))
		if err := s.bytesOf(inside, name+"!"+entry.Name); err != nil {
			return err
		}
	}
	return nil
}

var markup = regexp.MustCompile(`<[^>]*>`)

func withoutMarkup(s string) string { return html.UnescapeString(markup.ReplaceAllString(s, " ")) }

// finder finds many needles in one pass.
type finder struct {
	byWord   map[string][]int // first word of a needle's key -> needles
	keys     [][]string       // words of each needle's key
	byPrefix map[uint32][]pattern
}

// pattern is one way a needle may be written in bytes.
type pattern struct {
	bytes  []byte
	needle int
}

// shortest is how many letters or digits a needle needs to be looked for in raw
// bytes, where a shorter one turns up by chance.
const shortest = 4

func newFinder(needles []string) finder {
	f := finder{byWord: map[string][]int{}, byPrefix: map[uint32][]pattern{}}
	for n, needle := range needles {
		words := strings.Fields(fold.Key(needle))
		f.keys = append(f.keys, words)
		if len(words) == 0 {
			continue
		}
		f.byWord[words[0]] = append(f.byWord[words[0]], n)
		if len(strings.Join(words, "")) < shortest {
			continue
		}
		for _, form := range []string{needle, strings.ToUpper(needle), strings.ToLower(needle)} {
			f.add([]byte(form), n)
			f.add(utf16Of(form), n)
			f.add(latin1Of(form), n)
		}
	}
	return f
}

func (f finder) add(b []byte, needle int) {
	if len(b) >= shortest {
		p := binary.LittleEndian.Uint32(b)
		f.byPrefix[p] = append(f.byPrefix[p], pattern{b, needle})
	}
}

// raw yields the needles some bytes hold.
func (f finder) raw(b []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i+shortest <= len(b); i++ {
			for _, p := range f.byPrefix[binary.LittleEndian.Uint32(b[i:])] {
				if bytes.HasPrefix(b[i:], p.bytes) && !yield(p.needle) {
					return
				}
			}
		}
	}
}

// words yields the needles whose words a text has, one after the other.
func (f finder) words(s string) iter.Seq[int] {
	return func(yield func(int) bool) {
		words := strings.Fields(fold.Key(s))
		for i, w := range words {
			for _, n := range f.byWord[w] {
				if startsWith(words[i:], f.keys[n]) && !yield(n) {
					return
				}
			}
		}
	}
}

func startsWith(words, prefix []string) bool {
	if len(words) < len(prefix) {
		return false
	}
	for i, w := range prefix {
		if words[i] != w {
			return false
		}
	}
	return true
}

func utf16Of(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// latin1Of is empty when s has no such form, or the same one as in UTF-8.
func latin1Of(s string) []byte {
	var b []byte
	ascii := true
	for _, r := range s {
		if r > 0xff {
			return nil
		}
		ascii = ascii && r < 0x80
		b = append(b, byte(r))
	}
	if ascii {
		return nil
	}
	return b
}
