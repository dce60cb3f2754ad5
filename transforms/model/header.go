package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Severity says what a failing check costs.
type Severity string

// The severities of checks.
const (
	Error   Severity = "error"   // the edition isn't published
	Warning Severity = "warning" // the rows found are published as anomalies
)

// header is the YAML comment at the top of a file.
type header struct {
	// Description says what the table is, or what a check claims: in French where
	// analysts read it (marts and checks), in English elsewhere.
	Description   string `yaml:"description"`
	DescriptionAR string `yaml:"description_ar"`
	// Grain names the columns that make a row unique; it is checked.
	Grain    []string `yaml:"grain"`
	Columns  []Column `yaml:"columns"`
	Checks   []rule   `yaml:"checks"`
	Severity Severity `yaml:"severity"`

	// How the model can be brought up to date (update.go).
	By      string   `yaml:"by"`
	Of      string   `yaml:"of"`
	AddsUp  []string `yaml:"adds_up"`
	Watches []string `yaml:"watches"`
	Local   bool     `yaml:"local"`

	// Temporary is of a published table that nobody asks the database for once it is
	// published: it is made for the session.
	Temporary bool `yaml:"temporary"`
}

// Column documents one column.
type Column struct {
	Name string `yaml:"name"`
	Type string `yaml:"type"` // DuckDB's name of the type
	FR   string `yaml:"fr"`
	AR   string `yaml:"ar"`
}

const (
	opening = "/*\n"
	closing = "\n*/"
)

// parseHeader reads the comment at the top of a file.
func parseHeader(file, text string) (header, error) {
	var h header
	end := strings.Index(text, closing)
	if !strings.HasPrefix(text, opening) || end < 0 {
		return h, fmt.Errorf("%s:1: a file begins with a header: /*, YAML lines, */", file)
	}
	// An empty first line in place of the opening keeps the line numbers true.
	body := "\n" + text[len(opening):end]
	if err := yaml.UnmarshalWithOptions([]byte(body), &h, yaml.Strict()); err != nil {
		return h, fmt.Errorf("%s: header: %w", file, err)
	}
	return h, nil
}

// lint holds a header to what its layer promises to readers.
func (q *query) lint() error {
	h := q.header
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(q.path+": "+format, args...))
	}
	if h.Description == "" {
		fault("header: description is missing")
	}
	switch {
	case q.layer == checks:
		if h.Severity != Error && h.Severity != Warning {
			fault("header: severity %q: write error or warning", h.Severity)
		}
		if h.DescriptionAR == "" {
			fault("header: description_ar is missing: the claim is shown to readers of Arabic too")
		}
		if !strings.HasPrefix(q.name, "chk_") {
			fault("a check is named chk_<claim>.sql")
		}
	case h.Severity != "":
		fault("header: only a check has a severity")
	case q.published():
		faults = append(faults, q.lintPublished())
	case q.layer == staging && !strings.HasPrefix(q.name, "stg_"):
		fault("a staging file is named stg_<source>.sql")
	}
	for _, r := range h.Checks {
		if err := r.lint(); err != nil {
			fault("%w", err)
		}
	}
	return errors.Join(append(faults, q.lintUpdate())...)
}

// lintUpdate asks that what is said of bringing a model up to date be said where it
// means something.
func (q *query) lintUpdate() error {
	h := q.header
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(q.path+": header: "+format, args...))
	}
	if (h.By != "" || h.Of != "" || len(h.AddsUp) > 0) && (q.published() || q.layer == checks) {
		fault("by, of and adds_up: a published table is in one order, and a check keeps nothing: derive it from a core model that has them")
	}
	if (h.By != "" || h.Of != "") && len(h.AddsUp) > 0 {
		fault("by and of, or adds_up, not both")
	}
	if h.Of != "" && q.layer == staging {
		fault("of: staging keeps nothing")
	}
	if len(h.AddsUp) > 0 && q.layer == staging {
		fault("adds_up: staging keeps nothing")
	}
	if len(h.Watches) > 0 && h.By == "" {
		fault("watches: only a model by key keeps rows")
	}
	if h.Temporary && !q.published() {
		fault("temporary: only a published table is kept elsewhere")
	}
	if h.Local && (q.layer != checks || h.Severity != Error) {
		fault("local: only a check of severity error can look at some rows")
	}
	return errors.Join(faults...)
}

// lintPublished asks of a published table that each column be explained in both
// languages, and that no column hold a time of day: editions are compared byte
// for byte.
func (q *query) lintPublished() error {
	h := q.header
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(q.path+": header: "+format, args...))
	}
	if h.DescriptionAR == "" {
		fault("description_ar is missing")
	}
	if len(h.Grain) == 0 {
		fault("grain is missing: name the columns that make a row unique")
	}
	if len(h.Columns) == 0 {
		fault("columns are missing")
	}
	var names []string
	for _, c := range h.Columns {
		if c.Name == "" || c.Type == "" || c.FR == "" || c.AR == "" {
			fault("column %q needs a name, a type and a description in fr and ar", c.Name)
		}
		if strings.HasPrefix(c.Type, "TIME") {
			fault("column %s: published tables hold dates, never times", c.Name)
		}
		if slices.Contains(names, c.Name) {
			fault("column %s is described twice", c.Name)
		}
		names = append(names, c.Name)
	}
	for _, g := range h.Grain {
		if !slices.Contains(names, g) {
			fault("grain: there is no column %s", g)
		}
	}
	for _, r := range h.Checks {
		for _, c := range r.columns() {
			if !slices.Contains(names, c) {
				fault("checks: there is no column %s", c)
			}
		}
	}
	return errors.Join(faults...)
}
