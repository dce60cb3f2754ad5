package link_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func migrants(t testing.TB, seed uint64, n int) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeCSV(&b, seed, n, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func migrantPerson(id string) string { p, _, _ := strings.Cut(id, "-"); return p }

func TestMigrants(t *testing.T) {
	for _, spec := range []string{"migrants", "migrants_plain"} {
		t.Run(spec, func(t *testing.T) {
			r, _ := linkFile(t, migrants(t, 1, 20_000), "testdata/"+spec+".yaml", 0)
			q := measure(r, migrantPerson)
			t.Logf("%+v", q)
			if q.f1 < 0.95 || q.precision < 0.97 {
				t.Errorf("F1 %.4f, precision %.4f; want 0.95 and 0.97 at least", q.f1, q.precision)
			}
		})
	}
}
