package serve

import (
	"strconv"
	"strings"
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
	return d.outlooks(all, now, n), nil
}

func (d *diary) outlooks(all []*schedules.Schedule, now time.Time, n int) []Outlook {
	var lines []Outlook
	for _, s := range all {
		o := Outlook{Name: s.Name, File: s.File, Job: s.Job, Cron: s.Cron, TimeZone: s.TimeZone, Disabled: s.Disabled, zone: s.Zone()}
		if !s.Disabled {
			for _, next := range s.Next(now, n) {
				o.Next = append(o.Next, next.At.In(s.Zone()))
			}
		}
		d.past(&o, s, now)
		lines = append(lines, o)
	}
	return lines
}

// past fills in what the diary says.
func (d *diary) past(o *Outlook, s *schedules.Schedule, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.known[s.Name]
	if p == nil {
		return
	}
	o.Since = p.Since
	if e := p.Latest; e != nil {
		o.Last = &LastOutcome{e.Face, e.Outcome, e.At.In(o.zone), e.CaughtUp, e.Why}
	}
	for _, face := range p.faces() {
		if p.Faces[face] == schedules.Missed {
			o.Missed = append(o.Missed, face)
		}
	}
	due, missed := s.Due(p.memory(), now.Add(-overdueAfter))
	for _, f := range missed {
		o.Overdue = f.Face
	}
	if due != nil {
		o.Overdue = due.Face
	}
}

// Needs are what of the schedules needs a human: runs that didn't happen.
func Needs(lines []Outlook) []run.Need {
	var needs []run.Need
	for _, l := range lines {
		if l.Overdue != "" {
			needs = append(needs, run.Need{Key: "absent/" + l.Name + "/" + l.Overdue, Code: "need.absent",
				Args: map[string]string{"schedule": l.Name, "occurrence": said(l.Overdue)}})
		}
		if n := len(l.Missed); n > 0 {
			needs = append(needs, run.Need{Key: "missed/" + l.Name + "/" + l.Missed[n-1], Code: "need.missed",
				Args: map[string]string{"schedule": l.Name, "count": strconv.Itoa(n), "occurrence": said(l.Missed[n-1])}})
		}
	}
	return needs
}

// said is a face as people read it.
func said(face string) string { return strings.Replace(face, "T", " ", 1) }
