package link_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"cp3/transforms/link"

	"github.com/google/go-cmp/cmp"
)

// The clusters and every weight are the same whatever the order of rows and the
// number of threads.
func TestOrderAndThreadsChangeNothing(t *testing.T) {
	type pair struct {
		a, b   string
		weight float64
	}
	var clusters map[string]string
	var pairs []pair
	for run, threads := range []int{1, 2, 4} {
		var shuffle *rand.Rand
		if run > 0 {
			shuffle = rand.New(rand.NewPCG(uint64(run), 7))
		}
		var b bytes.Buffer
		if err := writeCSV(&b, 3, 2500, shuffle); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "people.csv")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := linkFile(t, path, "testdata/migrants.yaml", threads)
		got := maps.Collect(r.Clusters())
		var gotPairs []pair
		for p, err := range r.Pairs(t.Context(), -link.Band) {
			if err != nil {
				t.Fatal(err)
			}
			gotPairs = append(gotPairs, pair{p.A, p.B, p.Weight})
		}
		if run == 0 {
			clusters, pairs = got, gotPairs
			continue
		}
		if d := cmp.Diff(clusters, got); d != "" {
			t.Errorf("%d threads, other order: clusters differ:\n%s", threads, d)
		}
		if d := cmp.Diff(pairs, gotPairs, cmp.AllowUnexported(pair{})); d != "" {
			t.Errorf("%d threads, other order: pairs differ:\n%s", threads, d)
		}
	}
	if len(pairs) == 0 {
		t.Fatal("no pair at all: the comparison above says nothing")
	}
}
