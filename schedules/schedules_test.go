package schedules

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"
)

func one(t *testing.T, text string) *Schedule {
	t.Helper()
	all, err := Load(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// Ten years of Moroccan nights, asked every 20 minutes of real time as a service
// would: each night's 02:30 is run exactly once, the nights of the clock changes
// included.
func TestEachNightOnce(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\n")
	zone, _ := time.LoadLocation("Africa/Casablanca")
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, zone)
	end := start.AddDate(10, 0, 0)
	m := Memory{Since: start, Last: start, Faces: map[string]Settled{}}
	changes := 0
	_, offset := start.Zone()
	for now := start; now.Before(end); now = now.Add(20 * time.Minute) {
		if _, o := now.Zone(); o != offset {
			changes, offset = changes+1, o
		}
		run, missed := s.Due(m, now)
		if len(missed) > 0 {
			t.Fatalf("%s: missed %v though the service never stopped", now, missed)
		}
		if run != nil {
			if late := now.Sub(run.At); late >= 20*time.Minute {
				t.Fatalf("%s ran %s late", run.Face, late)
			}
			if _, twice := m.Faces[run.Face]; twice {
				t.Fatalf("%s twice", run.Face)
			}
			m.Faces[run.Face], m.Last = Done, now
		}
	}
	if changes < 15 {
		t.Fatalf("only %d clock changes met: the zone database lacks Ramadan", changes)
	}
	for day := start; day.Before(end); day = day.AddDate(0, 0, 1) {
		face := day.Format("2006-01-02") + "T02:30"
		if m.Faces[face] != Done {
			t.Errorf("no run on the night of %s", face)
		}
	}
	if want := int(end.Sub(start).Hours()/24 + 0.5); len(m.Faces) != want {
		t.Errorf("%d runs in %d nights", len(m.Faces), want)
	}
}

// The two nights of Ramadan 2024: back at 03:00 on 10 March, on at 02:00 on 14 April.
func TestFacesAroundRamadan(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\n")
	for _, c := range []struct{ after, face, at string }{
		{"2024-03-09T12:00:00Z", "2024-03-10T02:30", "2024-03-10T01:30:00Z"}, // the first of two 02:30
		{"2024-03-10T01:31:00Z", "2024-03-11T02:30", "2024-03-11T02:30:00Z"}, // not again an hour later
		{"2024-04-13T12:00:00Z", "2024-04-14T02:30", "2024-04-14T02:30:00Z"}, // shown as 03:30
		{"2024-04-14T02:31:00Z", "2024-04-15T02:30", "2024-04-15T01:30:00Z"},
	} {
		after, _ := time.Parse(time.RFC3339, c.after)
		o := s.Next(after, 1)[0]
		if o.Face != c.face || o.At.UTC().Format(time.RFC3339) != c.at {
			t.Errorf("after %s: %s at %s, want %s at %s", c.after, o.Face, o.At.UTC().Format(time.RFC3339), c.face, c.at)
		}
	}
}

func TestCatchUp(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\ncatch_up: 12h\n")
	at := func(text string) time.Time { v, _ := time.Parse(time.RFC3339, text); return v }
	m := Memory{Since: at("2026-01-01T00:00:00Z"), Last: at("2026-01-10T02:00:00Z"), Faces: map[string]Settled{"2026-01-10T02:30": Done}}

	run, missed := s.Due(m, at("2026-01-15T08:00:00Z"))
	if run == nil || run.Face != "2026-01-15T02:30" || !run.CaughtUp {
		t.Fatalf("off for five nights: %+v, want the last one, caught up", run)
	}
	if len(missed) != 4 {
		t.Errorf("missed %d nights, want 4", len(missed))
	}
	run, missed = s.Due(m, at("2026-01-15T20:00:00Z"))
	if run != nil || len(missed) != 5 {
		t.Errorf("past the window: run %+v, missed %d; want none, 5", run, len(missed))
	}
	// A clock set back by a day names faces that are settled already.
	m.Faces["2026-01-09T02:30"] = Done
	if run, _ = s.Due(m, at("2026-01-09T12:00:00Z")); run != nil {
		t.Errorf("a clock set back ran %s again", run.Face)
	}
}

func TestJitterIsSteady(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\njitter: 30m\n")
	now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	o := s.Next(now, 1)[0]
	d := s.delay(o)
	if d < 0 || d >= 30*time.Minute || d != s.delay(o) {
		t.Errorf("delay %s", d)
	}
	m := Memory{Since: now, Last: now}
	if run, _ := s.Due(m, o.At.Add(d-time.Second)); run != nil {
		t.Error("due before its delay")
	}
	if run, _ := s.Due(m, o.At.Add(d)); run == nil || run.CaughtUp {
		t.Errorf("not due on time: %+v", run)
	}
}

func TestRetriesBackOff(t *testing.T) {
	r := Retries{Max: 4, Backoff: 10 * time.Minute, Limit: time.Hour}
	var got []string
	for n := 0; n <= 5; n++ {
		d, ok := r.Delay(n)
		if ok {
			got = append(got, d.String())
		}
	}
	if s := strings.Join(got, " "); s != "10m0s 20m0s 40m0s 1h0m0s" {
		t.Error(s)
	}
}

func TestShippedSchedulesAreValid(t *testing.T) {
	all, err := Load(Shipped, nil)
	if err != nil {
		t.Fatal(err)
	}
	jobs := map[Job]bool{}
	for _, s := range all {
		jobs[s.Job] = true
		if len(s.Next(time.Now(), 3)) != 3 {
			t.Errorf("%s has no next times", s.Name)
		}
	}
	for _, j := range Jobs() {
		if !jobs[j] {
			t.Errorf("no schedule is shipped for %s", j)
		}
	}
}

func TestStrictness(t *testing.T) {
	for text, want := range map[string]string{
		"name: a\njob: run\ncron: \"30 2 * * *\"\ncrno: x\n":           "s.yaml:[4:1] unknown field",
		"name: a\njob: dance\ncron: \"30 2 * * *\"\n":                  "s.yaml:2: job: \"dance\"",
		"name: a\njob: run\ncron: \"99 2 * * *\"\n":                    "s.yaml:3: cron:",
		"name: a\njob: run\ncron: \"@every 1h\"\n":                     "s.yaml:3: cron:",
		"name: a\njob: run\ncron: \"0 2 * * *\"\ntime_zone: Maroc\n":   "s.yaml:4: time_zone:",
		"name: a\njob: run\ncron: \"0 2 * * *\"\nmembers: [XX]\n":      "s.yaml:4: members:",
		"name: a\njob: run\ncron: \"0 2 * * *\"\noverlap: maybe\n":     "s.yaml:4: overlap:",
		"job: run\ncron: \"0 2 * * *\"\n":                              "s.yaml:1: name:",
		"name: a\njob: run\ncron: \"0 2 * * *\"\ncatch_up: tomorrow\n": "s.yaml:4: catch_up:",
	} {
		_, err := Load(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}
