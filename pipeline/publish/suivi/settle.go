package suivi

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// contentTypes is the part that says what every other part is.
const contentTypes = "[Content_Types].xml"

// defaults are its entries by file extension, which excelize writes in the order
// of a map, another one each time.
var defaults = regexp.MustCompile(`<Default [^>]*></Default>`)

// settle rewrites an .xlsx so that the same workbook is the same bytes: parts in
// one order, dated by the edition, and no list in a random order.
func settle(xlsx []byte, day time.Time) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		return nil, fmt.Errorf("settle: %w", err)
	}
	parts := slices.SortedFunc(slices.Values(in.File), func(a, b *zip.File) int {
		return cmp.Or(boolRank(a.Name != contentTypes)-boolRank(b.Name != contentTypes), strings.Compare(a.Name, b.Name))
	})
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, part := range parts {
		if err := settlePart(out, part, day); err != nil {
			return nil, fmt.Errorf("settle %s: %w", part.Name, err)
		}
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("settle: %w", err)
	}
	return buf.Bytes(), nil
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func settlePart(out *zip.Writer, part *zip.File, day time.Time) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if part.Name == contentTypes {
		b = sortDefaults(b)
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: day})
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// sortDefaults puts the extensions of [Content_Types].xml in order.
func sortDefaults(b []byte) []byte {
	var found []string
	for _, m := range defaults.FindAll(b, -1) {
		found = append(found, string(m))
	}
	slices.Sort(found)
	n := -1
	return defaults.ReplaceAllFunc(b, func([]byte) []byte {
		n++
		return []byte(found[n])
	})
}
