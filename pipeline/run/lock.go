package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Locked says that another process holds the workspace.
type Locked struct {
	Holder Holder
}

// Holder is who holds a workspace, since when.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

func (e *Locked) Error() string {
	if e.Holder.PID == 0 {
		return "another run holds the workspace: wait for it to end"
	}
	return fmt.Sprintf("another run holds the workspace: cp3 %s, process %d on %s, since %s: wait for it to end",
		e.Holder.Command, e.Holder.PID, e.Holder.Host, e.Holder.Since.Format("2006-01-02 15:04:05"))
}

// Lock takes the workspace for one run at a time, across processes. The lock is
// the system's own, so it goes with a killed process and is never stale; the file
// beside it only says who holds it.
func (w Workspace) Lock(command string, now time.Time) (release func() error, err error) {
	l := flock.New(w.path("prive", "verrou"), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock workspace: %w", err)
	}
	who := w.path("prive", "verrou.json")
	if !ok {
		var h Holder
		if b, err := os.ReadFile(who); err == nil {
			_ = json.Unmarshal(b, &h) // being rewritten just now: say less
		}
		return nil, &Locked{Holder: h}
	}
	host, _ := os.Hostname()
	b, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Command: command, Since: now})
	if err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	if err := os.WriteFile(who, b, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock workspace: %w", err), l.Unlock())
	}
	return func() error {
		return errors.Join(os.Remove(filepath.Clean(who)), l.Unlock())
	}, nil
}
