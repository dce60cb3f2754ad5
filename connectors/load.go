package connectors

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

//go:embed members/*.yaml blocks/*.yaml lists/*.yaml
var declarations embed.FS

// Load returns the declarations cp3 ships, in member order, checked by lint. They
// are shared: don't change them.
var Load = sync.OnceValues(func() ([]*Spec, error) { return LoadFS(declarations) })

// LoadFS reads members/, blocks/ and lists/ of a file system. Every problem
// found is in the error, one line each, with file, line and key.
func LoadFS(fsys fs.FS) ([]*Spec, error) {
	blocks, err := loadBlocks(fsys)
	if err != nil {
		return nil, err
	}
	names, err := memberFiles(fsys)
	if err != nil {
		return nil, err
	}
	specs := make([]*Spec, 0, len(names))
	files := map[*Spec]*document{}
	var errs []error
	for _, name := range names {
		d, err := readDocument(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s, err := d.spec(blocks)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		specs, files[s] = append(specs, s), d
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := oneEach(specs, files); err != nil {
		return nil, err
	}
	if err := shareSheets(specs, files); err != nil {
		return nil, err
	}
	lists, err := listsOf(fsys)
	if err != nil {
		return nil, err
	}
	for _, s := range specs {
		errs = append(errs, lint(s, specs, lists, files[s])...)
	}
	slices.SortFunc(specs, func(a, b *Spec) int { return strings.Compare(string(a.Member), string(b.Member)) })
	return specs, errors.Join(errs...)
}

// document is a YAML file with the place of each of its keys.
type document struct {
	name   string
	source []byte
	tree   *ast.File
}

func readDocument(fsys fs.FS, name string) (*document, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, oneLine(err))
	}
	return &document{name, b, tree}, nil
}

// errorf is an error at a key, "sheets[1].fields[3].list".
func (d *document) errorf(key, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s: %s", d.name, d.line(key), key, fmt.Sprintf(format, args...))
}

// line is the line of a key, or of the nearest one around it that is written.
func (d *document) line(key string) int {
	for key != "" {
		if n := d.node(key); n != nil {
			return n.GetToken().Position.Line
		}
		i := strings.LastIndexAny(key, ".[")
		if i < 0 {
			break
		}
		key = key[:i]
	}
	return 1
}

func (d *document) node(key string) ast.Node {
	p, err := yaml.PathString("$." + key)
	if err != nil {
		return nil
	}
	n, err := p.FilterFile(d.tree)
	if err != nil {
		return nil
	}
	return n
}

func (d *document) decode(v any) error {
	if err := yaml.UnmarshalWithOptions(d.source, v, yaml.Strict()); err != nil {
		return fmt.Errorf("%s:%w", d.name, oneLine(err))
	}
	return nil
}

// oneLine keeps the first line of a YAML error, "[12:3] unknown field ...", as
// "12: unknown field ...".
func oneLine(err error) error {
	text, _, _ := strings.Cut(yaml.FormatError(err, false, false), "\n")
	if place, rest, ok := strings.Cut(strings.TrimPrefix(text, "["), "] "); ok {
		line, _, _ := strings.Cut(place, ":")
		text = line + ": " + rest
	}
	return errors.New(text)
}

// spec decodes a member's file and takes in the blocks it uses.
func (d *document) spec(blocks map[string][]Field) (*Spec, error) {
	s := &Spec{file: d.name}
	if err := d.decode(s); err != nil {
		return nil, err
	}
	var errs []error
	for i := range s.Sheets {
		fields, err := d.expand(s.Sheets[i].Fields, fmt.Sprintf("sheets[%d].fields", i), blocks)
		s.Sheets[i].Fields = fields
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}

// expand replaces each `use` by what it stands for.
func (d *document) expand(fields []Field, key string, blocks map[string][]Field) ([]Field, error) {
	var out []Field
	var errs []error
	for i, f := range fields {
		at := fmt.Sprintf("%s[%d]", key, i)
		if f.Use == "" {
			f.at = at
			out = append(out, f)
			continue
		}
		block, name, single := strings.Cut(f.Use, ".")
		shared, ok := blocks[block]
		if !ok {
			errs = append(errs, d.errorf(at+".use", "%q: no block of that name in blocks/", f.Use))
			continue
		}
		if !single {
			for _, f := range shared {
				f.at = at
				out = append(out, f)
			}
			continue
		}
		j := slices.IndexFunc(shared, func(b Field) bool { return b.Name == name })
		if j < 0 {
			errs = append(errs, d.errorf(at+".use", "%q: block %s has no field %q", f.Use, block, name))
			continue
		}
		g, err := d.override(shared[j], at)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, g)
	}
	return out, errors.Join(errs...)
}

// override gives a shared field what is written beside its `use`.
func (d *document) override(shared Field, at string) (Field, error) {
	f := shared
	f.Aliases = nil
	if err := yaml.NodeToValue(d.node(at), &f, yaml.Strict()); err != nil {
		return f, fmt.Errorf("%s:%w", d.name, oneLine(err))
	}
	f.Use, f.at = "", at
	extra := slices.Clone(shared.Aliases)
	for _, old := range []string{shared.Label.FR, shared.Label.AR} {
		if fold.Key(old) != fold.Key(f.Label.FR) && fold.Key(old) != fold.Key(f.Label.AR) {
			extra = append(extra, old)
		}
	}
	known := map[string]bool{fold.Key(f.Label.FR): true, fold.Key(f.Label.AR): true}
	for _, a := range f.Aliases {
		known[fold.Key(a)] = true
	}
	for _, a := range extra {
		if k := fold.Key(a); !known[k] {
			known[k] = true
			f.Aliases = append(f.Aliases, a)
		}
	}
	return f, nil
}

// loadBlocks reads the shared groups of fields, by file name.
func loadBlocks(fsys fs.FS) (map[string][]Field, error) {
	names, err := fs.Glob(fsys, "blocks/*.yaml")
	if err != nil {
		return nil, err
	}
	blocks := map[string][]Field{}
	for _, name := range names {
		d, err := readDocument(fsys, name)
		if err != nil {
			return nil, err
		}
		var b struct {
			Fields []Field `yaml:"fields"`
		}
		if err := d.decode(&b); err != nil {
			return nil, err
		}
		blocks[strings.TrimSuffix(path.Base(name), ".yaml")] = b.Fields
	}
	return blocks, nil
}

// shareSheets gives a member the sheets of the one it names in sheets_of.
func shareSheets(specs []*Spec, files map[*Spec]*document) error {
	var errs []error
	for _, s := range specs {
		if s.SheetsOf == "" {
			continue
		}
		other := Find(specs, s.SheetsOf)
		switch {
		case other == nil || other == s || other.SheetsOf != "":
			errs = append(errs, files[s].errorf("sheets_of", "%q: name a member that declares its own sheets", s.SheetsOf))
		case len(s.Sheets) > 0:
			errs = append(errs, files[s].errorf("sheets", "declare sheets or sheets_of, not both"))
		default:
			s.Sheets = other.Sheets
		}
	}
	return errors.Join(errs...)
}

func listsOf(fsys fs.FS) (map[string]*CodeList, error) {
	sub, err := fs.Sub(fsys, "lists")
	if err != nil {
		return nil, err
	}
	return LoadLists(sub)
}

// Find returns the spec of a member; nil when there is none.
func Find(specs []*Spec, m pipeline.Member) *Spec {
	for _, s := range specs {
		if s.Member == m {
			return s
		}
	}
	return nil
}
