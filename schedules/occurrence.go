package schedules

import (
	"hash/fnv"
	"time"
)

// faceForm writes a clock face: a wall-clock time without a zone.
const faceForm = "2006-01-02T15:04"

// Occurrence is one time a schedule asks for its job.
type Occurrence struct {
	Schedule string
	Face     string    // "2026-02-18T02:30": its name
	At       time.Time // when that face shows
	CaughtUp bool      // run late, because nobody was there to run it on time
}

// Next are the n occurrences after t, soonest first.
func (s *Schedule) Next(t time.Time, n int) []Occurrence {
	var next []Occurrence
	// The expression is evaluated on faces, from a day back: around a jump, faces
	// and instants are not in step.
	for face := face(t.In(s.zone)).Add(-24 * time.Hour); len(next) < n; {
		if face = s.cron.Next(face); face.IsZero() {
			return next // an expression that names no time, such as 30 February
		}
		if o := s.at(face); o.At.After(t) {
			next = append(next, o)
		}
	}
	return next
}

// between are the occurrences after a and not after b.
func (s *Schedule) between(a, b time.Time) []Occurrence {
	var found []Occurrence
	for face := face(a.In(s.zone)).Add(-24 * time.Hour); ; {
		if face = s.cron.Next(face); face.IsZero() || face.Sub(faceIn(b, s.zone)) > 24*time.Hour {
			return found
		}
		if o := s.at(face); o.At.After(a) && !o.At.After(b) {
			found = append(found, o)
		}
	}
}

// at places a face in time.
func (s *Schedule) at(face time.Time) Occurrence {
	return Occurrence{Schedule: s.Name, Face: face.Format(faceForm), At: instant(face, s.zone)}
}

// instant is when an occurrence of that name falls.
func (s *Schedule) instant(name string) (time.Time, error) {
	f, err := time.Parse(faceForm, name)
	if err != nil {
		return f, err
	}
	return instant(f, s.zone), nil
}

// face is what the clock on the wall shows at t, as a time in UTC.
func face(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

func faceIn(t time.Time, zone *time.Location) time.Time { return face(t.In(zone)) }

// instant is the first moment at which the clock of a zone shows a face; when the
// clock jumps over the face, the moment as far after the jump as the face lies
// after where the jump began.
func instant(f time.Time, zone *time.Location) time.Time {
	// The zone's offset a day before and a day after bracket any change: the face
	// under the one in force before is the earlier candidate.
	_, before := f.Add(-36 * time.Hour).In(zone).Zone()
	_, after := f.Add(36 * time.Hour).In(zone).Zone()
	early, late := before, after
	if early < late {
		early, late = late, early
	}
	for _, offset := range []int{early, late} {
		t := f.Add(-time.Duration(offset) * time.Second).In(zone)
		if face(t).Equal(f) {
			return t
		}
	}
	// Jumped over: with the offset in force before the jump, the clock shows the
	// face moved by the jump.
	return f.Add(-time.Duration(before) * time.Second).In(zone)
}

// delay is the jitter of an occurrence: the same each time it is asked for.
func (s *Schedule) delay(o Occurrence) time.Duration {
	if s.Jitter <= 0 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(o.Schedule + o.Face)) // a hash never fails
	return time.Duration(h.Sum64() % uint64(s.Jitter))
}
