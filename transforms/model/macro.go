package model

import (
	"fmt"
	"path"
	"strings"

	"cp3/pipeline"
)

// Macros are the questions stored in the published database, in the order in which
// they can be created: those that give one value come first, others may use them.
func (p *Project) Macros() []pipeline.Macro {
	var values, rows []pipeline.Macro
	for _, m := range p.macros {
		if m.Rows {
			rows = append(rows, m)
		} else {
			values = append(values, m)
		}
	}
	return append(values, rows...)
}

// newMacro reads a file of macros/: a header that describes the macro in both
// languages, and the one statement that creates it under the file's name.
func newMacro(file, text string) (pipeline.Macro, error) {
	m := pipeline.Macro{Name: strings.TrimSuffix(path.Base(file), ".sql")}
	h, err := parseHeader(file, text)
	if err != nil {
		return m, err
	}
	_, body, _ := strings.Cut(text, closing)
	m.SQL, m.FR, m.AR = strings.TrimSpace(body), h.Description, h.DescriptionAR
	begins, _, _ := strings.Cut(m.SQL, "\n")
	m.Rows = strings.HasSuffix(begins, ") as table")
	switch {
	case m.FR == "" || m.AR == "":
		return m, fmt.Errorf("%s: header: a macro is described in French and in Arabic", file)
	case !strings.HasPrefix(begins, "create macro "+m.Name+"("):
		return m, fmt.Errorf("%s: the file creates another macro than its name says: begin with: create macro %s(", file, m.Name)
	}
	return m, nil
}
