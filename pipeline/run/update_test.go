package run_test

import (
	"strings"
	"testing"

	"cp3/connectors/example"
	"cp3/pipeline/run"
)

// A night with few new files derives what they change, and nothing else; the edition
// is the one that a rebuild derives from everything.
func TestFewFilesAreARebuild(t *testing.T) {
	o := newOffice(t, nil)
	v := example.Volume{Books: 16, Rows: 20}
	for night, whole := range []string{"whole=true", "whole=false", "whole=false"} {
		if err := v.Write(t.Context(), o.Workspace.Depot()); err != nil {
			t.Fatal(err)
		}
		o.log.Reset()
		if report := o.run(); !report.Published {
			t.Fatalf("night %d published nothing", night+1)
		}
		if !strings.Contains(o.log.String(), "msg=derived "+whole) {
			t.Errorf("night %d: not %s:\n%s", night+1, whole, o.log.String())
		}
		v = example.Volume{First: v.First + v.Books, Books: 1, Rows: v.Rows}
	}
	r, err := run.Rebuild(t.Context(), o.Options)
	if err != nil || !r.Same {
		t.Errorf("rebuilt: %+v, %v", r, err)
	}
}
