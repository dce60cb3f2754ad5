package schedules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cp3/pipeline"

	"github.com/robfig/cron/v3"
)

// Job is what a schedule asks for.
type Job string

// The jobs.
const (
	Run    Job = "run"
	Remind Job = "remind"
	Backup Job = "backup"
	Verify Job = "verify"
	Purge  Job = "purge"
)

// Jobs lists them all.
func Jobs() []Job { return []Job{Run, Remind, Backup, Verify, Purge} }

// Overlap says what to do when an occurrence falls due while its workspace is
// held by another run.
type Overlap string

// What to do on overlap.
const (
	Wait Overlap = "wait" // until the other ends, then run
	Skip Overlap = "skip" // record it as skipped
)

// Schedule is one file of schedules/.
type Schedule struct {
	Name     string            `yaml:"name"`
	Job      Job               `yaml:"job"`
	Cron     string            `yaml:"cron"` // five fields, or @daily and its like
	TimeZone string            `yaml:"time_zone"`
	Members  []pipeline.Member `yaml:"members"` // none: all
	Retries  Retries           `yaml:"retries"`
	Jitter   time.Duration     `yaml:"jitter"`   // a delay below this, the same for the same occurrence
	CatchUp  time.Duration     `yaml:"catch_up"` // how long after its time an occurrence is still run
	Overlap  Overlap           `yaml:"overlap"`
	Disabled bool              `yaml:"disabled"`

	File string `yaml:"-"`

	cron cron.Schedule
	zone *time.Location
}

// Retries of a job that failed.
type Retries struct {
	Max     int           `yaml:"max"`
	Backoff time.Duration `yaml:"backoff"` // before the first retry; doubles each time
	Limit   time.Duration `yaml:"limit"`   // of the backoff
}

// Delay is how long to wait before retry n (1, 2, ...); ok is false when there is none.
func (r Retries) Delay(n int) (d time.Duration, ok bool) {
	if n < 1 || n > r.Max {
		return 0, false
	}
	d = r.Backoff
	for range n - 1 {
		if d *= 2; r.Limit > 0 && d > r.Limit {
			return r.Limit, true
		}
	}
	return d, true
}

// Zone is the time zone its cron expression is in.
func (s *Schedule) Zone() *time.Location { return s.zone }

func defaults() Schedule {
	return Schedule{
		TimeZone: "Africa/Casablanca",
		Retries:  Retries{Max: 3, Backoff: 5 * time.Minute, Limit: time.Hour},
		CatchUp:  12 * time.Hour,
		Overlap:  Wait,
	}
}

// complete checks what was read and prepares it; its error begins with the key.
func (s *Schedule) complete() error {
	if s.Name == "" {
		return fmt.Errorf("name: missing: give the schedule a name")
	}
	if !slices.Contains(Jobs(), s.Job) {
		return fmt.Errorf("job: %q: choose one of %s", s.Job, words(Jobs()))
	}
	if !slices.Contains([]Overlap{Wait, Skip}, s.Overlap) {
		return fmt.Errorf("overlap: %q: choose wait or skip", s.Overlap)
	}
	if s.Jitter < 0 || s.CatchUp < 0 || s.Retries.Max < 0 || s.Retries.Backoff < 0 || s.Retries.Limit < 0 {
		return fmt.Errorf("jitter, catch_up, retries: can't be below zero")
	}
	var err error
	if s.zone, err = time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" {
		return fmt.Errorf("time_zone: %q is not a time zone: write it like Africa/Casablanca", s.TimeZone)
	}
	if strings.Contains(s.Cron, "TZ=") {
		return fmt.Errorf("cron: %q: the time zone goes in time_zone", s.Cron)
	}
	if strings.HasPrefix(s.Cron, "@every") {
		return fmt.Errorf("cron: %q: name times of day (30 2 * * *), an interval has none", s.Cron)
	}
	if s.cron, err = cron.ParseStandard(s.Cron); err != nil {
		return fmt.Errorf("cron: %q: %w: write five fields: minute hour day month weekday", s.Cron, err)
	}
	return nil
}

func words[T ~string](all []T) string {
	s := make([]string, len(all))
	for i, w := range all {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}
