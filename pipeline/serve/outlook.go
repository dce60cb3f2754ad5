package serve

import (
	"time"

	"cp3/pipeline/run"
	"cp3/schedules"
)

// Outlook is where one schedule stands.
type Outlook struct {
	Name     string         `json:"name"`
	File     string         `json:"file"`
	Job      schedules.Job  `json:"job"`
	Cron     string         `json:"cron"`
	TimeZone string         `json:"time_zone"`
	Disabled bool           `json:"disabled"`
	Next     []time.Time    `json:"next"`
	Last     *LastOutcome   `json:"last"`    // nil: none yet
	Missed   []string       `json:"missed"`  // occurrences that nobody ran, of those remembered, latest last
	Overdue  string         `json:"overdue"` // an occurrence that should have been run and wasn't; "" for none
	Since    time.Time      `json:"since"`   // the service knows it since then; zero: it has never run here
	zone     *time.Location // of the schedule
}

// LastOutcome is what became of a schedule's last occurrence.
type LastOutcome struct {
	Occurrence string            `json:"occurrence"`
	Outcome    schedules.Settled `json:"outcome"`
	At         time.Time         `json:"at"`
	CaughtUp   bool              `json:"caught_up"`
	Why        string            `json:"why"`
}

// overdueAfter is how late an occurrence is before its absence is trouble: longer
// than a run takes.
const overdueAfter = time.Hour

// Outlooks tells of each schedule what is next, what became of the last one, and
// what is missing. n is how many next times. Nothing is changed: it may be asked
// whether or not the service runs, and it is how its absence is noticed.
func Outlooks(w run.Workspace, all []*schedules.Schedule, now time.Time, n int) ([]Outlook, error) {
	d, err := openDiary(w)
	if err != nil {
		return nil, err
	}
	var lines []Outlook
	for _, s := range all {
		o := Outlook{Name: s.Name, File: s.File, Job: s.Job, Cron: s.Cron, TimeZone: s.TimeZone, Disabled: s.Disabled, zone: s.Zone()}
		if !s.Disabled {
			for _, next := range s.Next(now, n) {
				o.Next = append(o.Next, next.At.In(s.Zone()))
			}
		}
		if p := d.known[s.Name]; p != nil {
			o.past(s, p, d.memory(s.Name), now)
		}
		lines = append(lines, o)
	}
	return lines, nil
}

// past fills in what the diary says.
func (o *Outlook) past(s *schedules.Schedule, p *pageOf, m schedules.Memory, now time.Time) {
	o.Since = p.Since
	if e := p.Latest; e != nil {
		o.Last = &LastOutcome{e.Face, e.Outcome, e.At.In(o.zone), e.CaughtUp, e.Why}
	}
	for _, face := range p.faces() {
		if p.Faces[face] == schedules.Missed {
			o.Missed = append(o.Missed, face)
		}
	}
	due, missed := s.Due(m, now.Add(-overdueAfter))
	for _, f := range missed {
		o.Overdue = f.Face
	}
	if due != nil {
		o.Overdue = due.Face
	}
}
