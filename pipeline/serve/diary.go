package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"cp3/pipeline/run"
	"cp3/schedules"
)

// diary remembers what was due and what became of it. The page (passages.json)
// is what decides; the history (journal/passages.jsonl) is for people.
type diary struct {
	page, history string

	mu      sync.Mutex
	known   map[string]*pageOf
	waiting map[string]bool // queued, not settled
}

// pageOf is what is remembered of one schedule.
type pageOf struct {
	Since  time.Time                    `json:"since"`  // when the schedule was first seen
	Last   time.Time                    `json:"last"`   // occurrences up to here are settled
	Faces  map[string]schedules.Settled `json:"faces"`  // settled, by face
	Latest *entry                       `json:"latest"` // the last one that was settled
}

// keepFaces is how many settled occurrences a page remembers: several days of an
// hourly schedule, far more than clocks are ever set back.
const keepFaces = 200

// entry is one line of the history.
type entry struct {
	Schedule string            `json:"schedule"`
	Face     string            `json:"occurrence"`
	Due      time.Time         `json:"due"`
	CaughtUp bool              `json:"caught_up"`
	Outcome  schedules.Settled `json:"outcome"`
	At       time.Time         `json:"at"`
	Why      string            `json:"why,omitempty"`
}

func openDiary(w run.Workspace) (*diary, error) {
	d := &diary{page: filepath.Join(w.Private(), "passages.json"), history: filepath.Join(w.Journal(), "passages.jsonl"),
		known: map[string]*pageOf{}, waiting: map[string]bool{}}
	b, err := os.ReadFile(d.page)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	if err := json.Unmarshal(b, &d.known); err != nil {
		return nil, fmt.Errorf("serve: %s: %w: remove it to start counting from now", d.page, err)
	}
	return d, nil
}

// meet makes the acquaintance of schedules never seen before: they start now. It
// is written down, so that what they miss from now on is known to be missed.
func (d *diary) meet(all []*schedules.Schedule, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	fresh := false
	for _, s := range all {
		if d.known[s.Name] == nil {
			d.known[s.Name] = &pageOf{Since: now.UTC(), Last: now.UTC(), Faces: map[string]schedules.Settled{}}
			fresh = true
		}
	}
	if !fresh {
		return nil
	}
	return d.write()
}

// memory is what the schedule's past says.
func (d *diary) memory(name string) schedules.Memory {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known[name].memory()
}

func (p *pageOf) memory() schedules.Memory {
	return schedules.Memory{Since: p.Since, Last: p.Last, Faces: maps.Clone(p.Faces)}
}

// rewind makes what is remembered of a schedule fit a clock that was set back; it
// reports whether it was.
func (d *diary) rewind(sch *schedules.Schedule, now time.Time) (back bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.known[sch.Name]
	m, back := sch.Rewind(p.memory(), now)
	if !back {
		return false, nil
	}
	p.Since, p.Last, p.Faces = m.Since.UTC(), m.Last.UTC(), m.Faces
	return true, d.write()
}

// claim takes an occurrence to be run; it is false when it is waiting or was
// settled, maybe since the schedule was asked.
func (d *diary) claim(name, face string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, settled := d.known[name].Faces[face]
	if settled || d.waiting[name+" "+face] {
		return false
	}
	d.waiting[name+" "+face] = true
	return true
}

// settle writes down what became of an occurrence: history first, so that a
// crash in between tells it twice rather than never. It is remembered even when it
// can't be written down: a full disk runs nothing twice.
func (d *diary) settle(name string, o schedules.Occurrence, outcome schedules.Settled, now time.Time, why string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, name+" "+o.Face)
	e := entry{name, o.Face, o.At.UTC(), o.CaughtUp, outcome, now.UTC(), why}
	p := d.known[name]
	p.Faces[o.Face], p.Latest = outcome, &e
	if o.At.After(p.Last) {
		p.Last = o.At
	}
	p.forget()
	if err := errors.Join(appendLine(d.history, e), d.write()); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// write makes the page durable.
func (d *diary) write() error {
	b, err := json.MarshalIndent(d.known, "", " ")
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	if err := run.WriteFile(d.page, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// forget drops the oldest faces: their names sort by time.
func (p *pageOf) forget() {
	if old := len(p.Faces) - keepFaces; old > 0 {
		for _, face := range p.faces()[:old] {
			delete(p.Faces, face)
		}
	}
}

// faces are the settled ones, oldest first.
func (p *pageOf) faces() []string { return slices.Sorted(maps.Keys(p.Faces)) }

func appendLine(file string, v any) (err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(append(b, '\n'))
	return err
}
