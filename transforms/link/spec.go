package link

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Kind says what a column holds, and so how two of its values are compared.
type Kind string

// The kinds of columns.
const (
	GivenName   Kind = "given_name"
	FamilyName  Kind = "family_name"
	FullName    Kind = "full_name" // both, in either order: split on what the other rows teach
	Date        Kind = "date"      // a birth date; 01/01/YYYY counts as the year alone
	Identifier  Kind = "identifier"
	Phone       Kind = "phone"
	Email       Kind = "email"
	Address     Kind = "address"
	Locality    Kind = "locality"
	Postcode    Kind = "postcode"
	Category    Kind = "category"
	Sex         Kind = "sex"
	Nationality Kind = "nationality"
)

// Kinds lists every kind, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{GivenName, FamilyName, FullName, Date, Identifier, Phone, Email, Address,
		Locality, Postcode, Category, Sex, Nationality}
}

// Column declares one column of the data.
type Column struct {
	Name string
	Kind Kind
	// Format is the layout of a date as Go writes it ("20060102"); "" tries the
	// usual ones: 2006-01-02, 02/01/2006, 20060102, 2006.
	Format string
	// Within names another column: values are compared only between records that
	// agree there. A document number within its type; a member's own number within
	// the member.
	Within string
	// Exclusive says that a person has one such number: two different ones are two
	// persons, unless names and full birth dates agree.
	Exclusive bool

	line int // in the spec's file
}

// Spec says which column identifies a record and what the others hold. There is
// nothing else to set: weights are learned from the data.
type Spec struct {
	ID      string
	Columns []Column

	file   string
	idLine int
}

// SpecError is a fault of a spec file: whose file, which line.
type SpecError struct {
	File string
	Line int // 0: the file as a whole
	Msg  string
}

func (e *SpecError) Error() string {
	switch {
	case e.File == "":
		return e.Msg
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
}

// ParseSpec reads a spec in YAML. The form is strict: a key that is not known is
// an error, and every error names the file and the line.
func ParseSpec(file string, b []byte) (Spec, error) {
	p := specParser{file: file}
	root, err := p.document(b)
	if err != nil {
		return Spec{}, err
	}
	s := Spec{file: file}
	for _, kv := range root {
		switch key := keyOf(kv); key {
		case "id":
			s.ID, err = p.text(kv)
			s.idLine = kv.Key.GetToken().Position.Line
		case "columns":
			s.Columns, err = p.columns(kv)
		default:
			err = p.fault(kv.Key, "unknown key %q: a spec has id and columns", key)
		}
		if err != nil {
			return Spec{}, err
		}
	}
	if err := s.validate(); err != nil {
		return Spec{}, &SpecError{File: file, Msg: err.Error()}
	}
	return s, nil
}

// validate checks what no single line shows.
func (s Spec) validate() error {
	if s.ID == "" {
		return fmt.Errorf("id is missing: name the column that identifies a record, as in «id: rec_id»")
	}
	if len(s.Columns) == 0 {
		return fmt.Errorf("columns is missing: list at least one, as in «surname: family_name»")
	}
	if len(s.Columns) > maxColumns {
		return fmt.Errorf("%d columns: at most %d are compared; leave out those that say least about the person", len(s.Columns), maxColumns)
	}
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if seen[c.Name] {
			return fmt.Errorf("columns.%s is there twice", c.Name)
		}
		seen[c.Name] = true
		if !slices.Contains(Kinds(), c.Kind) {
			return fmt.Errorf("columns.%s: %s", c.Name, unknownKind(string(c.Kind)))
		}
	}
	return nil
}

// maxColumns bounds the width of the comparison query.
const maxColumns = 40

func unknownKind(kind string) string {
	names := make([]string, len(Kinds()))
	for i, k := range Kinds() {
		names[i] = string(k)
	}
	return fmt.Sprintf("kind %q is not known; write one of %s", kind, strings.Join(names, ", "))
}

type specParser struct{ file string }

func (p specParser) fault(n ast.Node, format string, args ...any) error {
	line := 0
	if t := n.GetToken(); t != nil {
		line = t.Position.Line
	}
	return &SpecError{File: p.file, Line: line, Msg: fmt.Sprintf(format, args...)}
}

// document is the top-level mapping of a spec.
func (p specParser) document(b []byte) ([]*ast.MappingValueNode, error) {
	f, err := parser.ParseBytes(b, 0)
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil {
		return nil, &SpecError{File: p.file, Line: syntax.Token.Position.Line, Msg: syntax.Message}
	}
	if err != nil {
		return nil, &SpecError{File: p.file, Msg: err.Error()}
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return nil, &SpecError{File: p.file, Msg: "one YAML document is expected, with id and columns"}
	}
	return p.mapping(f.Docs[0].Body, "the spec")
}

func (p specParser) mapping(n ast.Node, what string) ([]*ast.MappingValueNode, error) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, p.fault(n, "%s must be a list of «key: value» lines", what)
}

func (p specParser) text(kv *ast.MappingValueNode) (string, error) {
	switch v := kv.Value.(type) {
	case *ast.StringNode:
		return v.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value, nil
	}
	return "", p.fault(kv.Key, "%s: a plain text is expected", keyOf(kv))
}

func (p specParser) columns(kv *ast.MappingValueNode) ([]Column, error) {
	lines, err := p.mapping(kv.Value, "columns")
	if err != nil {
		return nil, err
	}
	var columns []Column
	for _, line := range lines {
		c := Column{Name: keyOf(line), line: line.Key.GetToken().Position.Line}
		if _, short := line.Value.(*ast.StringNode); short {
			kind, _ := p.text(line)
			c.Kind = Kind(kind)
		} else if err := p.column(line, &c); err != nil {
			return nil, err
		}
		if !slices.Contains(Kinds(), c.Kind) {
			return nil, p.fault(line.Key, "columns.%s: %s", c.Name, unknownKind(string(c.Kind)))
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// column reads the long form: {kind: date, format: "20060102"}.
func (p specParser) column(line *ast.MappingValueNode, c *Column) error {
	keys, err := p.mapping(line.Value, "columns."+c.Name)
	if err != nil {
		return err
	}
	for _, kv := range keys {
		v, err := p.text(kv)
		if err != nil {
			return err
		}
		switch key := keyOf(kv); key {
		case "kind":
			c.Kind = Kind(v)
		case "format":
			c.Format = v
		case "within":
			c.Within = v
		case "exclusive":
			if v != "true" && v != "false" {
				return p.fault(kv.Key, "columns.%s: exclusive is true or false, not %q", c.Name, v)
			}
			c.Exclusive = v == "true"
		default:
			return p.fault(kv.Key, "columns.%s: unknown key %q: write kind, format, within or exclusive", c.Name, key)
		}
	}
	if c.Format != "" && c.Kind != Date {
		return p.fault(line.Key, "columns.%s: format is for dates, and this is a %s", c.Name, c.Kind)
	}
	return nil
}

func keyOf(kv *ast.MappingValueNode) string { return kv.Key.GetToken().Value }
