package run

import (
	"context"
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
	Why     string    `json:"why,omitempty"`     // of a failure; "" after a success
	Trouble string    `json:"trouble,omitempty"` // what an administrator can do something about (Trouble)
	Success time.Time `json:"success"`           // when it last ended well; zero for never
	Left    []Left    `json:"left,omitempty"`    // files of depot/ that a run could not take
}

// Left is a file that is still to be taken, and since when.
type Left struct {
	Skipped
	Since time.Time `json:"since"`
}

// Failed reports whether it ended in an error.
func (l Last) Failed() bool { return l.Why != "" }

func (w Workspace) lastDir() string { return w.path("prive", "derniers") }

// Lasts are how each verb last ended, by verb.
func (w Workspace) Lasts() (map[string]Last, error) {
	names, err := listed(w.lastDir(), "", ".json")
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
func (o Options) remember(verb string, began time.Time, err error, more ...func(*Last)) error {
	if stopped(err) {
		return err // how it would have ended, nobody knows
	}
	name := filepath.Join(o.Workspace.lastDir(), verb+".json")
	l, readErr := readLast(name)
	if readErr != nil {
		o.Log.Warn("not noted how the run before ended", "error", readErr.Error())
	}
	l.Verb, l.Began, l.Ended, l.Why, l.Trouble = verb, began.UTC(), o.Now().UTC(), "", Trouble(err)
	if err == nil {
		l.Success = l.Ended
	} else {
		l.Why = Scrub(err.Error())
	}
	for _, note := range more {
		note(&l)
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

// left notes which files a run could not take. One that looked at some members' only
// says nothing of the others'.
func (o Options) left(skipped *[]Skipped) func(*Last) {
	return func(l *Last) {
		if len(o.Only) > 0 || l.Failed() && len(*skipped) == 0 { // or it didn't get that far
			return
		}
		since := map[Skipped]time.Time{}
		for _, was := range l.Left {
			since[was.Skipped] = was.Since
		}
		l.Left = nil
		for _, s := range *skipped {
			at, ok := since[s]
			if !ok {
				at = l.Ended
			}
			l.Left = append(l.Left, Left{s, at})
		}
	}
}

// stopped reports whether a verb ended because it was told to. DuckDB tells it as text.
func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || err != nil && strings.Contains(err.Error(), "INTERRUPT Error")
}
