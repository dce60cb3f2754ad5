package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cp3/schedules"

	"github.com/google/renameio/v2/maybe"
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
	Since time.Time                    `json:"since"`
	Last  time.Time                    `json:"last"`
	Faces map[string]schedules.Settled `json:"faces"`
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

func openDiary(private string) (*diary, error) {
	d := &diary{page: filepath.Join(private, "passages.json"), history: filepath.Join(private, "journal", "passages.jsonl"),
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

// memory is what the schedule's past says; a schedule never seen starts now.
func (d *diary) memory(name string, now time.Time) schedules.Memory {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.known[name]
	if p == nil {
		p = &pageOf{Since: now, Last: now, Faces: map[string]schedules.Settled{}}
		d.known[name] = p
	}
	faces := make(map[string]schedules.Settled, len(p.Faces))
	for f, s := range p.Faces {
		faces[f] = s
	}
	return schedules.Memory{Since: p.Since, Last: p.Last, Faces: faces}
}

func (d *diary) queue(name, face string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting[name+" "+face] = true
}

func (d *diary) queued(name, face string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting[name+" "+face]
}

// settle writes down what became of an occurrence: history first, so that a
// crash in between tells it twice rather than never.
func (d *diary) settle(name string, o schedules.Occurrence, outcome schedules.Settled, now time.Time, why string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, name+" "+o.Face)
	if err := appendLine(d.history, entry{name, o.Face, o.At.UTC(), o.CaughtUp, outcome, now.UTC(), why}); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	p := d.known[name]
	p.Faces[o.Face] = outcome
	if o.At.After(p.Last) {
		p.Last = o.At
	}
	p.forget()
	b, err := json.MarshalIndent(d.known, "", " ")
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	if err := maybe.WriteFile(d.page, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// forget drops the oldest faces: their names sort by time.
func (p *pageOf) forget() {
	for len(p.Faces) > keepFaces {
		oldest := ""
		for f := range p.Faces {
			if oldest == "" || f < oldest {
				oldest = f
			}
		}
		delete(p.Faces, oldest)
	}
}

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
