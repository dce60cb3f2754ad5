package workbook

import (
	"archive/zip"
	"errors"
	"io"
	"strings"
)

// directoryBudget bounds what reading the zip directory may take: some 80,000
// entries. Without it a directory of millions fills the memory before any limit
// on parts is looked at.
const directoryBudget = 8 << 20

var errDirectoryTooLarge = errors.New("zip directory too large")

// source is the file below the zip reader. It remembers an error of the disk, so
// that it is never taken for a damaged file, which is the member's trouble.
type source struct {
	r      io.ReaderAt
	budget int64 // bytes that may still be read; negative: no bound
	err    error
}

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // a directory that lies about where it is
		return 0, zip.ErrFormat
	}
	if s.budget >= 0 {
		if int64(len(p)) > s.budget {
			return 0, errDirectoryTooLarge
		}
		s.budget -= int64(len(p))
	}
	n, err := s.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// parts are the entries of a package by folded name: OOXML names are compared
// without case, and some writers use backslashes.
type parts struct {
	src    *source
	size   int64
	byName map[string]*zip.File
	twice  map[string]bool // names held by several entries
}

// openParts reads the zip directory.
func openParts(r io.ReaderAt, size int64) (*parts, error) {
	src := &source{r: r, budget: directoryBudget}
	z, err := zip.NewReader(src, size)
	switch {
	case src.err != nil:
		return nil, src.err
	case err != nil && errors.Is(err, errDirectoryTooLarge):
		return nil, refuse("workbook.bomb")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // nothing is ever extracted
		return nil, refuse("workbook.truncated")
	}
	src.budget = -1
	p := &parts{src: src, size: size, byName: make(map[string]*zip.File, len(z.File)), twice: map[string]bool{}}
	for _, f := range z.File {
		name := partName(f.Name)
		if _, ok := p.byName[name]; ok {
			p.twice[name] = true
			continue
		}
		p.byName[name] = f
	}
	return p, nil
}

// partName folds the name of an entry.
func partName(name string) string {
	return strings.ToLower(strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (p *parts) has(name string) bool { return p.byName[partName(name)] != nil }

// under reports whether an entry's name starts with prefix.
func (p *parts) under(prefix string) bool {
	for name := range p.byName {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// resolve is the part a relationship of the part base points to.
func resolve(base, target string) string {
	if strings.HasPrefix(target, "/") || strings.HasPrefix(target, `\`) {
		return partName(target)
	}
	dir := ""
	if i := strings.LastIndexByte(base, '/'); i >= 0 {
		dir = base[:i]
	}
	var out []string
	for _, seg := range strings.Split(dir+"/"+strings.ReplaceAll(target, `\`, "/"), "/") {
		switch seg {
		case "", ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, seg)
		}
	}
	return partName(strings.Join(out, "/"))
}

// relsOf is the name of the part that holds the relationships of name.
func relsOf(name string) string {
	i := strings.LastIndexByte(name, '/') + 1
	return name[:i] + "_rels/" + name[i:] + ".rels"
}
