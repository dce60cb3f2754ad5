package schedules

import (
	"maps"
	"slices"
	"time"
)

// Settled is what became of an occurrence.
type Settled string

// What becomes of occurrences.
const (
	Done    Settled = "done"
	Failed  Settled = "failed"  // after its last retry
	Missed  Settled = "missed"  // nobody was there, and its window is over or a later one was run instead
	Skipped Settled = "skipped" // another run held the workspace
	Unasked Settled = "unasked" // cp3.yaml doesn't ask for it
)

// Memory is what a scheduler remembers of a schedule.
type Memory struct {
	Since time.Time          // when the schedule was first seen: nothing before it is due
	Last  time.Time          // occurrences up to here are settled
	Faces map[string]Settled // settled, by face; those of the last days are enough
}

// keepAhead is how many settled occurrences that lie ahead of the clock are
// remembered.
const keepAhead = 50

// Rewind makes a memory fit a clock that was set back behind what it remembers: a
// machine without a battery that woke up in 2037, or somebody's mistake. What ran
// then stays settled, and isn't run again when its time comes; what was noted as
// missed then can still be run; and what is due is counted from the last occurrence
// settled before now. Without this, nothing would be due until the clock was there
// again, for years if need be, and nobody would miss it.
func (s *Schedule) Rewind(m Memory, now time.Time) (_ Memory, back bool) {
	if !m.Last.After(now) && !m.Since.After(now) {
		return m, false
	}
	last := now // nothing that is remembered: nothing before now is due
	if m.Since.After(now) {
		m.Since = now
	} else if len(m.Faces) == 0 {
		last = m.Since
	}
	var before time.Time
	faces := map[string]Settled{}
	ahead := 0
	for _, name := range slices.Sorted(maps.Keys(m.Faces)) {
		at, err := s.instant(name)
		switch {
		case err != nil:
		case !at.After(now):
			faces[name], before = m.Faces[name], at
		case m.Faces[name] != Missed && ahead < keepAhead:
			faces[name] = m.Faces[name]
			ahead++
		}
	}
	if !before.IsZero() {
		last = before
	}
	m.Last, m.Faces = last, faces
	return m, true
}

// Due sorts the occurrences of a schedule that are not settled at now: the one to
// run, if any, and those to record as missed. Of several that came due together
// only the last is run.
func (s *Schedule) Due(m Memory, now time.Time) (run *Occurrence, missed []Occurrence) {
	if s.Disabled {
		return nil, nil
	}
	m, _ = s.Rewind(m, now)
	from := m.Since
	if m.Last.After(from) {
		// Look a little behind what is settled: a zone that changed may have moved an
		// occurrence back across it.
		from = m.Last.Add(-3 * time.Hour)
		if from.Before(m.Since) {
			from = m.Since
		}
	}
	var open []Occurrence
	for _, o := range s.between(from, now) {
		if _, settled := m.Faces[o.Face]; settled || o.At.Add(s.delay(o)).After(now) {
			continue
		}
		open = append(open, o)
	}
	if len(open) == 0 {
		return nil, nil
	}
	last := open[len(open)-1]
	missed = open[:len(open)-1]
	late := now.Sub(last.At.Add(s.delay(last)))
	if late > s.CatchUp {
		return nil, open
	}
	last.CaughtUp = late > time.Minute || len(missed) > 0
	return &last, missed
}

// Wake is when Due may have something to say next; zero for never.
func (s *Schedule) Wake(now time.Time) time.Time {
	if s.Disabled {
		return time.Time{}
	}
	for _, o := range s.Next(now.Add(-s.Jitter), 2) {
		if at := o.At.Add(s.delay(o)); at.After(now) {
			return at
		}
	}
	return time.Time{}
}
