package model

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cp3/pipeline"
)

// layer is the folder a query lives in, which says what it may read.
type layer string

const (
	staging layer = "staging"
	core    layer = "core"
	marts   layer = "marts"
	checks  layer = "checks"
)

// query is one file of SQL.
type query struct {
	path   string // "marts/indicators/ind_1_1.sql"
	name   string // "ind_1_1"
	layer  layer
	family string // "indicators"; "" for most
	header header
	sql    string // the file's text, header included: positions stay true
}

// Project is a folder of SQL, loaded and found sound as far as text goes.
type Project struct {
	migrations []migration
	seeds      []seed
	macros     []pipeline.Macro
	models     []*query // in order of path; warnings included
	claims     []*query // checks of severity error, in order of path
}

// Load reads schema/*.sql, seeds/*.csv, staging, core, marts, checks and macros from a
// file system. Every fault found is reported, each with its file.
func Load(fsys fs.FS) (*Project, error) {
	p := &Project{}
	var faults []error
	note := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	var err error
	p.migrations, err = loadMigrations(fsys)
	note(err)
	p.seeds, err = loadSeeds(fsys)
	note(err)
	for _, l := range []layer{staging, core, marts, checks} {
		note(walk(fsys, string(l), ".sql", func(name string, text []byte) {
			q, err := newQuery(l, name, string(text))
			if err != nil {
				note(err)
				return
			}
			if l == checks && q.header.Severity != Warning {
				p.claims = append(p.claims, q)
			} else {
				p.models = append(p.models, q)
			}
		}))
	}
	note(walk(fsys, "macros", ".sql", func(name string, text []byte) {
		m, err := newMacro(name, string(text))
		note(err)
		p.macros = append(p.macros, m)
	}))
	note(p.distinctNames())
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("load model: %w", err)
	}
	return p, nil
}

// walk visits the files of a folder that end in ext, in order of path; a file
// that ends otherwise is a fault, so that a misnamed one is never just ignored.
func walk(fsys fs.FS, dir, ext string, visit func(name string, text []byte)) error {
	return fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == dir:
			return fs.SkipAll
		case err != nil:
			return err
		case d.IsDir() || strings.HasPrefix(d.Name(), "."):
			return nil
		case path.Ext(name) != ext:
			return fmt.Errorf("%s: only %s files belong in %s", name, ext, dir)
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		visit(name, text)
		return nil
	})
}

// newQuery reads one file and holds its header to what its layer asks for.
func newQuery(l layer, file, text string) (*query, error) {
	q := &query{path: file, name: strings.TrimSuffix(path.Base(file), ".sql"), layer: l, sql: text}
	if dir := path.Dir(file); dir != string(l) {
		if l != marts || path.Dir(dir) != string(marts) {
			return nil, fmt.Errorf("%s: only marts has sub-folders, and they have none", file)
		}
		q.family = path.Base(dir)
	}
	var err error
	if q.header, err = parseHeader(file, text); err != nil {
		return nil, err
	}
	if err := q.lint(); err != nil {
		return nil, err
	}
	if l == checks && q.header.Severity == Warning {
		q.family = Warnings
	}
	return q, nil
}

// published reports whether the query is a table analysts read.
func (q *query) published() bool { return q.layer == marts && q.family == "" }

// distinctNames refuses two files that would write the same table.
func (p *Project) distinctNames() error {
	var faults []error
	owner := map[string]string{}
	claim := func(name, file string) {
		if first, taken := owner[name]; taken {
			faults = append(faults, fmt.Errorf("%s: %s already makes %q; give one of them another name", file, first, name))
			return
		}
		owner[name] = file
	}
	for _, family := range p.families() {
		claim(family, path.Join(string(marts), family))
	}
	for _, s := range p.seeds {
		claim(s.table(), s.path)
	}
	for _, q := range slices.Concat(p.models, p.claims) {
		claim(q.name, q.path)
	}
	return errors.Join(faults...)
}

// families are the names of the families, sorted.
func (p *Project) families() []string {
	var names []string
	for _, q := range p.models {
		if q.family != "" && !slices.Contains(names, q.family) {
			names = append(names, q.family)
		}
	}
	slices.Sort(names)
	return names
}

// family is the members of a family, in order of path.
func (p *Project) family(name string) []*query {
	var members []*query
	for _, q := range p.models {
		if q.family == name {
			members = append(members, q)
		}
	}
	return members
}
