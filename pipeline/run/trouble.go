package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"cp3/pipeline/store"
)

// Trouble names what an administrator can do something about among the errors of
// the machine, as a key of the catalogues ("trouble.disk_full"); "" for the rest.
// An unattended night ends in one of these more often than in any other way.
func Trouble(err error) string {
	var gone *DepotGone
	var answers *AnswersGone
	var held *store.Held
	switch {
	case err == nil:
		return ""
	case is(err, "No space left on device", syscall.ENOSPC, syscall.EDQUOT), is(err, "not enough space on the disk"):
		return "trouble.disk_full"
	case is(err, "Read-only file system", syscall.EROFS):
		return "trouble.read_only"
	case is(err, "Permission denied", fs.ErrPermission):
		return "trouble.no_access"
	case is(err, "Input/output error", syscall.EIO, syscall.ESTALE, syscall.ENOTCONN, syscall.EHOSTDOWN):
		return "trouble.device"
	case errors.As(err, &held):
		return "trouble.held"
	case errors.As(err, &answers):
		return "trouble.answers_gone"
	case errors.As(err, &gone):
		return "trouble.depot_gone"
	}
	return ""
}

// is reports whether err is one of some errors of the system, or says so: DuckDB
// tells them as text.
func is(err error, text string, system ...error) bool {
	for _, s := range system {
		if errors.Is(err, s) {
			return true
		}
	}
	return strings.Contains(err.Error(), text)
}

// DepotGone says that the drop folder isn't there as it was: a network share that
// isn't mounted shows an empty folder, and no folder at all while it goes.
type DepotGone struct {
	Dir string
	Why string
}

func (e *DepotGone) Error() string { return fmt.Sprintf("%s: %s", e.Dir, e.Why) }

// AnswersGone says the same of the folder of the answers: what is written to an empty
// mount point reaches nobody, and must not pass for answered.
type AnswersGone struct {
	Dir string
	Why string
}

func (e *AnswersGone) Error() string { return fmt.Sprintf("%s: %s", e.Dir, e.Why) }

// openAnswers finds the folder of the answers. Once files were answered there, at
// least one member's folder must be there.
func (r *runner) openAnswers(answered bool) (os.FileInfo, error) {
	dir := r.Workspace.Answers()
	found, err := os.Stat(dir)
	if err != nil {
		return nil, errors.Join(&AnswersGone{dir, "the folder of the answers can't be found"}, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, errors.Join(&AnswersGone{dir, "the folder of the answers can't be listed"}, err)
	}
	if answered && len(entries) == 0 {
		return nil, &AnswersGone{dir, "not one member's folder is left in the folder of the answers"}
	}
	return found, nil
}

// stillAnswers is nil while the folder of the answers is the one it was.
func (r *runner) stillAnswers(found os.FileInfo) error {
	now, err := os.Stat(r.Workspace.Answers())
	if err != nil {
		return errors.Join(&AnswersGone{r.Workspace.Answers(), "the folder of the answers went away during the run"}, err)
	}
	if !os.SameFile(found, now) {
		return &AnswersGone{r.Workspace.Answers(), "another folder took the place of that of the answers during the run"}
	}
	return nil
}

// depot is the drop folder as a run found it.
type depot struct {
	dir   string
	found os.FileInfo
}

// openDepot finds the drop folder. Once files were received from it, at least one
// member's folder must be there.
func (r *runner) openDepot() (depot, error) {
	d := depot{dir: r.Workspace.Depot()}
	var err error
	if d.found, err = os.Stat(d.dir); err != nil {
		return d, fmt.Errorf("discover: %w", errors.Join(&DepotGone{d.dir, "the drop folder can't be found"}, err))
	}
	if len(r.received) == 0 {
		return d, nil
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return d, fmt.Errorf("discover: %w", errors.Join(&DepotGone{d.dir, "the drop folder can't be listed"}, err))
	}
	for _, e := range entries {
		if e.IsDir() || e.Type()&fs.ModeSymlink != 0 {
			return d, nil
		}
	}
	return d, fmt.Errorf("discover: %w", &DepotGone{d.dir, "not one member's folder is left in the drop folder"})
}

// still is nil while the drop folder is the one it was: a share that went away
// lets its files vanish one by one, as if members had taken them back.
func (d depot) still() error {
	now, err := os.Stat(d.dir)
	if err != nil {
		return errors.Join(&DepotGone{d.dir, "the drop folder went away during the run"}, err)
	}
	if !os.SameFile(d.found, now) {
		return &DepotGone{d.dir, "another folder took the place of the drop folder during the run"}
	}
	if _, err := os.ReadDir(d.dir); err != nil {
		return errors.Join(&DepotGone{d.dir, "the drop folder can't be listed any more"}, err)
	}
	return nil
}
