package example

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sort"
	"time"
)

// repack writes a workbook's package again with its parts in a fixed order and a
// fixed time, and mends the cells that excelize can't write: formulas with a
// numeric cached value or with none, error values. cells gives, by part and by
// cell, the end of the start tag and the content.
func repack(book []byte, cells map[string]map[string]string) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, fmt.Errorf("repack: %w", err)
	}
	parts := append([]*zip.File(nil), in.File...)
	sort.Slice(parts, func(i, j int) bool { return rank(parts[i].Name) < rank(parts[j].Name) })
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, p := range parts {
		b, err := content(p)
		if err != nil {
			return nil, fmt.Errorf("repack %s: %w", p.Name, err)
		}
		if p.Name == contentTypes {
			b = sortDefaults(b)
		}
		if b, err = mend(b, cells[p.Name]); err != nil {
			return nil, fmt.Errorf("repack %s: %w", p.Name, err)
		}
		w, err := out.CreateHeader(&zip.FileHeader{Name: p.Name, Method: zip.Deflate, Modified: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, fmt.Errorf("repack %s: %w", p.Name, err)
		}
		if _, err := w.Write(b); err != nil {
			return nil, fmt.Errorf("repack %s: %w", p.Name, err)
		}
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("repack: %w", err)
	}
	return buf.Bytes(), nil
}

const contentTypes = "[Content_Types].xml"

var defaultType = regexp.MustCompile(`<Default [^>]*?(?:/>|></Default>)`)

// sortDefaults orders the picture types, which excelize lists in the order of a
// map.
func sortDefaults(b []byte) []byte {
	all := defaultType.FindAll(b, -1)
	sorted := append([][]byte(nil), all...)
	sort.Slice(sorted, func(i, j int) bool { return bytes.Compare(sorted[i], sorted[j]) < 0 })
	i := 0
	return defaultType.ReplaceAllFunc(b, func([]byte) []byte {
		i++
		return sorted[i-1]
	})
}

// rank puts the list of content types first, as Excel does, then names in order.
func rank(name string) string {
	if name == contentTypes {
		return ""
	}
	return name
}

func content(p *zip.File) ([]byte, error) {
	r, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// mend replaces the content of cells, keeping their style.
func mend(sheet []byte, cells map[string]string) ([]byte, error) {
	refs := make([]string, 0, len(cells))
	for ref := range cells {
		refs = append(refs, ref)
	}
	sort.Strings(refs)
	for _, ref := range refs {
		cell := regexp.MustCompile(`<c r="` + ref + `"( s="\d+")?[^>]*?(?:/>|>.*?</c>)`)
		m := cell.FindSubmatchIndex(sheet)
		if m == nil {
			return nil, fmt.Errorf("cell %s isn't there to mend", ref)
		}
		var style []byte
		if m[2] >= 0 {
			style = sheet[m[2]:m[3]]
		}
		var b bytes.Buffer
		b.Write(sheet[:m[0]])
		fmt.Fprintf(&b, `<c r="%s"%s%s</c>`, ref, style, cells[ref])
		b.Write(sheet[m[1]:])
		sheet = b.Bytes()
	}
	return sheet, nil
}
