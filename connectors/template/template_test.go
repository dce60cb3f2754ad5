package template

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

func specs(t testing.TB) ([]*connectors.Spec, map[string]*connectors.CodeList) {
	t.Helper()
	all, err := connectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := connectors.Lists()
	if err != nil {
		t.Fatal(err)
	}
	return all, lists
}

func write(t testing.TB, spec *connectors.Spec, lists map[string]*connectors.CodeList, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, spec, lists, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// With CP3_PICTURES set to a folder, every template is left there to be looked at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("CP3_PICTURES")
	if dir == "" {
		t.Skip("CP3_PICTURES is not set")
	}
	all, lists := specs(t)
	for _, spec := range all {
		for _, lang := range []string{"fr", "ar"} {
			o := Options{Lang: lang, Structure: "CFA Akkari", Period: pipeline.Period{Year: 2021, Quarter: 1}}
			path := filepath.Join(dir, string(spec.Member)+"-"+lang+".xlsx")
			if err := os.WriteFile(path, write(t, spec, lists, o), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
