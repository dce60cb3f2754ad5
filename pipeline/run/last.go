package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Last is how a verb last ended. The ledger tells of what changed; that a night
// found nothing new, or failed, is told here.
type Last struct {
	Verb    string    `json:"verb"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended"`
	Why     string    `json:"why,omitempty"` // of a failure; "" after a success
	Success time.Time `json:"success"`       // when it last ended well; zero for never
}

// Failed reports whether it ended in an error.
func (l Last) Failed() bool { return l.Why != "" }

func (w Workspace) lastDir() string { return w.path("prive", "derniers") }

// Lasts are how each verb last ended, by verb.
func (w Workspace) Lasts() (map[string]Last, error) {
	names, err := filepath.Glob(filepath.Join(w.lastDir(), "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string]Last{}
	for _, name := range names {
		l, err := readLast(name)
		if err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = l
	}
	return all, nil
}

func readLast(name string) (Last, error) {
	var l Last
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &l)
	}
	if err != nil {
		return l, fmt.Errorf("how the last runs ended: %w: remove the file to go on", err)
	}
	return l, nil
}

// remember notes how a verb ended. It returns err, and only err: a night that
// succeeded is no failure because its note couldn't be written.
func (o Options) remember(verb string, began time.Time, err error) error {
	name := filepath.Join(o.Workspace.lastDir(), verb+".json")
	l, readErr := readLast(name)
	if readErr != nil {
		o.Log.Warn("not noted how the run before ended", "error", readErr.Error())
	}
	l.Verb, l.Began, l.Ended, l.Why = verb, began.UTC(), o.Now().UTC(), ""
	if err == nil {
		l.Success = l.Ended
	} else {
		l.Why = Scrub(err.Error())
	}
	b, noteErr := json.Marshal(l)
	if noteErr == nil {
		noteErr = errors.Join(os.MkdirAll(o.Workspace.lastDir(), 0o700), WriteFile(name, append(b, '\n'), 0o600))
	}
	if noteErr != nil {
		o.Log.Warn("not noted how the run ended", "error", noteErr.Error())
	}
	return err
}
