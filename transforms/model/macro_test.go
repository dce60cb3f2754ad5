package model_test

import (
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/sql"
	"cp3/transforms/model"
)

func TestMacroFilesAreStrict(t *testing.T) {
	for text, want := range map[string]string{
		"create macro m(x) as x":                                         "macros/m.sql:1: a file begins with a header",
		"/*\ndescription: d\n*/\ncreate macro m(x) as x":                 "in French and in Arabic",
		"/*\ndescription: d\ndescription_ar: d\n*/\ncreate macro n() as": "create macro m(",
		"/*\ndescription: d\ntable: x\n*/\ncreate macro m(x) as x":       `unknown field "table"`,
	} {
		if _, err := load(with(map[string]string{"macros/m.sql": text})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	p, err := load(with(map[string]string{
		"macros/a.sql": "/*\ndescription: d\ndescription_ar: d\n*/\ncreate macro a(x) as table\nselect z(x) as y\n",
		"macros/z.sql": "/*\ndescription: d\ndescription_ar: d\n*/\ncreate macro z(x) as x\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Macros(); len(m) != 2 || m[0].Name != "z" || m[0].Rows || m[1].Name != "a" || !m[1].Rows {
		t.Errorf("values first, then tables: %+v", m)
	}
}

// Regions are named as their code list names them.
func TestMacroNamesRegions(t *testing.T) {
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Load(sql.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Macros() {
		if m.Name != "nom_region" {
			continue
		}
		for _, c := range lists["region"].Codes {
			if !strings.Contains(m.SQL, "'"+c.Code+"': '"+strings.ReplaceAll(c.Label.FR, "'", "''")+"'") {
				t.Errorf("region %s isn't %s", c.Code, c.Label.FR)
			}
		}
		return
	}
	t.Error("no macro nom_region")
}
