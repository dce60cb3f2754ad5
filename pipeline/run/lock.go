package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
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

// lockPatience is how long a taken lock is asked for again: one who only asks who
// holds it has it for an instant.
const lockPatience = 10

// Lock takes the workspace for one run at a time, across processes. The lock is
// the system's own, so it goes with a killed process and is never stale; the file
// beside it only says who holds it.
func (w Workspace) Lock(command string, now time.Time) (release func() error, err error) {
	return w.lock(runLock, command, now)
}

// LockService keeps a second service away: each would run every schedule, and send
// what is to be sent. The service holds the workspace itself only while a job runs.
func (w Workspace) LockService(now time.Time) (release func() error, err error) {
	return w.lock(serviceLock, "serve", now)
}

// The locks of a workspace, by the names of their files.
const (
	runLock     = "verrou"
	serviceLock = "verrou-service"
)

func (w Workspace) lock(name, command string, now time.Time) (release func() error, err error) {
	l := w.flock(name)
	ok, err := l.TryLock()
	for n := 0; n < lockPatience && err == nil && !ok; n++ {
		time.Sleep(20 * time.Millisecond)
		ok, err = l.TryLock()
	}
	if err != nil {
		return nil, fmt.Errorf("lock workspace: %w", err)
	}
	if !ok {
		return nil, &Locked{Holder: w.saidHolder(name)}
	}
	host, _ := os.Hostname()
	b, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Command: command, Since: now})
	if err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	if err := os.WriteFile(w.holderFile(name), b, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock workspace: %w", err), l.Unlock())
	}
	return func() error {
		return errors.Join(os.Remove(w.holderFile(name)), l.Unlock())
	}, nil
}

// holder is who holds the workspace right now, nil when nobody does.
func (w Workspace) holder() *Holder { return w.holderOf(runLock) }

func (w Workspace) holderOf(name string) *Holder {
	l := w.flock(name)
	ok, err := l.TryRLock()
	if err != nil {
		return nil // prive/ can't be written to: nobody can run either
	}
	if ok {
		_ = l.Unlock()
		return nil
	}
	h := w.saidHolder(name)
	return &h
}

func (w Workspace) flock(name string) *flock.Flock {
	return flock.New(w.path("prive", name), flock.SetPermissions(0o600))
}

func (w Workspace) holderFile(name string) string { return w.path("prive", name+".json") }

// saidHolder is what the holder says of itself; nothing while it is writing it.
func (w Workspace) saidHolder(name string) (h Holder) {
	if b, err := os.ReadFile(w.holderFile(name)); err == nil {
		_ = json.Unmarshal(b, &h)
	}
	return h
}
