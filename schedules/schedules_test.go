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

// Whatever the expression, ten years of Moroccan clocks run each of its faces once:
// those in the hour that is skipped and in the hour that comes twice above all.
func TestEachFaceOnce(t *testing.T) {
	zone, _ := time.LoadLocation("Africa/Casablanca")
	start := time.Date(2019, 1, 1, 0, 0, 0, 0, zone)
	end := start.AddDate(10, 0, 0)
	for cron, want := range map[string]int{
		"0 2 * * *": 3653, "59 2 * * *": 3653, "15 2 * * 0": 522, "0 5 1 * *": 120,
	} {
		s := one(t, "name: s\njob: run\ncron: \""+cron+"\"\n")
		m := Memory{Since: start, Last: start, Faces: map[string]Settled{}}
		n := 0
		for now := start; now.Before(end); now = now.Add(time.Hour) {
			if now.UTC().Hour() > 6 {
				continue // every hour of the night, and nobody asks by day
			}
			run, missed := s.Due(m, now)
			if len(missed) > 0 {
				t.Fatalf("%s: %s: missed %v", cron, now, missed)
			}
			if run == nil {
				continue
			}
			if _, twice := m.Faces[run.Face]; twice {
				t.Fatalf("%s: %s twice", cron, run.Face)
			}
			m.Faces[run.Face], m.Last = Done, run.At
			n++
		}
		if n != want {
			t.Errorf("%s: %d times in ten years, want %d", cron, n, want)
		}
	}
}

// A decree changes the zone database, the system takes the new one up overnight and
// the service is started again with it: at whatever hour that happens, no night is run
// twice and none is left out.
func TestZoneThatChanges(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\n")
	zones := []*time.Location{time.FixedZone("before", 3600), time.FixedZone("after", 0)}
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		for change := range 24 * 60 / 30 {
			start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			m := Memory{Since: start, Last: start, Faces: map[string]Settled{}}
			for minute := 0; minute < 4*24*60; minute += 10 {
				s.zone = zones[order[0]]
				if minute >= 24*60+change*30 {
					s.zone = zones[order[1]]
				}
				run, missed := s.Due(m, start.Add(time.Duration(minute)*time.Minute))
				if len(missed) > 0 {
					t.Fatalf("changed at %d: missed %v", change, missed)
				}
				if run == nil {
					continue
				}
				if m.Faces[run.Face] != "" {
					t.Fatalf("changed at %d: %s twice", change, run.Face)
				}
				m.Faces[run.Face] = Done
				if run.At.After(m.Last) {
					m.Last = run.At
				}
			}
			if len(m.Faces) != 4 {
				t.Fatalf("%v, changed at %d: ran %v", order, change, m.Faces)
			}
		}
	}
}

// A clock that wakes up in 2037 for a quarter of an hour: what ran then stays, and the
// nights go on as soon as it is right again, once each, those too that were noted as
// missed in between.
func TestRewind(t *testing.T) {
	s := one(t, "name: nuit\njob: run\ncron: \"30 2 * * *\"\n")
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	m := Memory{Since: start, Last: start, Faces: map[string]Settled{}}
	settle := func(o Occurrence, as Settled) {
		if m.Faces[o.Face] != "" {
			t.Errorf("%s twice", o.Face)
		}
		m.Faces[o.Face] = as
		if o.At.After(m.Last) {
			m.Last = o.At
		}
	}
	ask := func(now time.Time) int {
		m, _ = s.Rewind(m, now)
		run, missed := s.Due(m, now)
		for _, o := range missed {
			settle(o, Missed)
		}
		if run == nil {
			return 0
		}
		settle(*run, Done)
		return 1
	}
	nights := func(from time.Time, n int) (ran int) {
		for minute := 0; minute < n*24*60; minute += 20 {
			ran += ask(from.Add(time.Duration(minute) * time.Minute))
		}
		return ran
	}
	if n := nights(start, 5); n != 5 {
		t.Fatalf("%d runs in 5 nights", n)
	}
	right := start.AddDate(0, 0, 5)
	for _, wrong := range []time.Time{time.Date(2037, 6, 1, 2, 30, 0, 0, time.UTC), right.AddDate(0, 0, 25).Add(-9 * time.Hour)} {
		if n := ask(wrong); n != 1 {
			t.Errorf("at %s: %d runs", wrong, n)
		}
		if n := nights(right, 10); n != 10 {
			t.Errorf("set right again after %s: %d runs in 10 nights", wrong, n)
		}
		right = right.AddDate(0, 0, 10)
	}
	// The night that already ran, while the clock was ahead, isn't run again.
	if n := nights(right, 10); n != 9 {
		t.Errorf("%d runs in 10 nights, of which one ran before", n)
	}
	// A schedule first seen while the clock was ahead begins now, not then.
	m = Memory{Since: time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC), Last: time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC), Faces: map[string]Settled{}}
	if n := nights(right, 3); n != 3 {
		t.Errorf("first seen in 2037: %d runs in 3 nights", n)
	}
	// Ahead for so long that nothing of before is remembered.
	m = Memory{Since: start, Last: start.AddDate(3, 0, 0), Faces: map[string]Settled{}}
	for day := range 200 {
		m.Faces[start.AddDate(2, 0, day).Format("2006-01-02")+"T02:30"] = Done
	}
	if n := nights(right, 3); n != 3 || len(m.Faces) > keepAhead+10 {
		t.Errorf("ahead for 200 nights: %d runs in 3 nights, %d occurrences remembered", n, len(m.Faces))
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
