package run

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"cp3/pipeline"
	"cp3/transforms/disclose"

	"github.com/google/go-cmp/cmp"
)

func ruled(every string) *runner {
	r := &runner{}
	r.Config = DefaultConfig()
	r.Config.zone = time.UTC
	r.Config.Disclosure.Every = every
	return r
}

// Which editions tell the public anew, and which nights make one for that alone.
func TestTellsAnew(t *testing.T) {
	day := func(s string) pipeline.Date {
		d, err := pipeline.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		every, told, made string // the day of the release, and of the edition in place
		anew              bool   // that one tells anew
		today             string
		due               bool
	}{
		{everyEdition, "2021-02-01", "2021-02-01", true, "2021-02-02", false},
		{everyWeek, "2021-02-01", "2021-02-07", false, "2021-02-07", false}, // Monday to Sunday
		{everyWeek, "2021-02-01", "2021-02-07", false, "2021-02-08", true},
		{everyWeek, "2020-12-31", "2021-01-03", false, "2021-01-03", false}, // one week, two years
		{everyMonth, "2021-02-01", "2021-02-28", false, "2021-02-28", false},
		{everyMonth, "2021-02-01", "2021-02-28", false, "2021-03-01", true},
		{everyMonth, "2020-02-03", "2021-02-03", true, "2021-02-04", false},
		{everyQuarter, "2021-01-01", "2021-03-31", false, "2021-03-31", false},
		{everyQuarter, "2021-01-01", "2021-03-31", false, "2021-04-01", true},
		{everyQuarter, "2021-01-01", "2021-04-01", true, "2021-04-02", false}, // it tried, and could not
	} {
		r := ruled(c.every)
		r.editions = []edition{{Number: 1, Day: day(c.told), Released: 1}, {Number: 2, Day: day(c.made), Released: 1}}
		told := release{Edition: 1, Day: day(c.told), Tables: []released{{}}}
		if anew := r.tellsAnew(told, r.editions[1]); anew != c.anew {
			t.Errorf("%+v: tells anew: %t", c, anew)
		}
		r.at = day(c.today).Time()
		if due := r.releaseDue(); due != c.due {
			t.Errorf("%+v: due: %t", c, due)
		}
		if _, _, held := r.heldBack(); held != c.anew {
			t.Errorf("%+v: held back: %t", c, held)
		}
		if !r.tellsAnew(release{Edition: 1, Day: day(c.told)}, r.editions[1]) {
			t.Errorf("%+v: nothing stands, and nothing is told", c)
		}
	}
}

// A fault in disclosure control costs the ministry nothing and the public no figure it
// had; the log has what is needed to mend it.
func TestFaultInDisclosureControl(t *testing.T) {
	r := ruled(everyEdition)
	var log bytes.Buffer
	r.Log = slog.New(slog.NewTextHandler(&log, nil))
	last := release{Edition: 3, Tables: []released{{Table: pipeline.Table{Name: "valeurs"}}}}
	now, err := r.tell(t.Context(), last, edition{Number: 4}, disclose.Published{"valeurs": nil})
	if err != nil || now.Edition != 3 {
		t.Fatalf("edition %d, %v", now.Edition, err)
	}
	if !strings.Contains(log.String(), "nil pointer") || !strings.Contains(log.String(), "transforms/disclose") {
		t.Errorf("the log says %s", log.String())
	}
}

// What a release kept is laid down as it was: counts stay whole, days stay days.
func TestReleaseIsKept(t *testing.T) {
	r := ruled(everyMonth)
	r.Workspace = Workspace{Root: t.TempDir()}
	if err := os.MkdirAll(r.Workspace.path("prive", "ledger"), 0o700); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC)
	one := release{Told: disclose.Told{Editions: 2}, Edition: 2, Day: pipeline.DateOf(day), Tables: []released{{
		Table: pipeline.Table{Name: "t", Columns: []pipeline.Column{{Name: "n", Type: "BIGINT"}, {Name: "x", Type: "DOUBLE"}, {Name: "s", Type: "VARCHAR"},
			{Name: "d", Type: "DATE"}, {Name: "b", Type: "BOOLEAN"}}},
		Rows: [][]any{{int64(1) << 60, 3.0, "2021-02-01T00:00:00Z", day, true}, {nil, 0.1, nil, nil, nil}},
	}}}
	encoded, err := one.encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.keepRelease(2, encoded); err != nil {
		t.Fatal(err)
	}
	again, err := r.readRelease(2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, again); diff != "" {
		t.Error(diff)
	}
}
