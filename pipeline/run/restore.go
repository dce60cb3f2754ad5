package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cp3/pipeline"
	"cp3/pipeline/backup"
	"cp3/pipeline/publish"
)

// NotEmpty says that there is a private area already where one is to be restored.
type NotEmpty struct{ Dir string }

func (e *NotEmpty) Error() string {
	return fmt.Sprintf("%s is not empty: a restore never overwrites: move it away first, or restore into another folder", e.Dir)
}

// restoring is how the folder begins in which a backup is unpacked.
const restoring = ".restauration-"

// Restore brings back what Backup wrote, from file into the workspace at root,
// which may still have its depot, answers and publication, or be a new folder.
// The private area appears whole or not at all; of the configuration, only what is
// missing is brought back. The publication is the caller's to rebuild.
func Restore(ctx context.Context, root, file, identityFile string) (w Workspace, files int, err error) {
	w = Workspace{Root: root}
	switch full, err := hasFiles(w.Private()); {
	case err != nil:
		return w, 0, fmt.Errorf("restore: %w", err)
	case full:
		return w, 0, &NotEmpty{w.Private()}
	}
	identity, err := os.ReadFile(identityFile)
	if err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	in, err := os.Open(file)
	if err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	defer in.Close()
	if err := os.MkdirAll(root, 0o755); err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	left, err := listed(root, restoring, "")
	for _, name := range left { // of a restore that was killed: nothing but copies
		err = errors.Join(err, os.RemoveAll(name))
	}
	if err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	aside, err := os.MkdirTemp(root, restoring+"*")
	if err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	if files, err = backup.Read(ctx, in, aside, string(identity)); err != nil {
		return w, 0, err
	}
	if err := w.putBack(aside); err != nil {
		return w, 0, fmt.Errorf("restore: %w", err)
	}
	return w, files, nil
}

// putBack moves what was unpacked to its places; the private area last, in one step:
// killed before, the same command begins anew, and without a private area nothing
// else runs.
func (w Workspace) putBack(aside string) error {
	if err := os.MkdirAll(w.Publication(), 0o755); err != nil {
		return err
	}
	for _, name := range []string{"membres", "schedules", "cp3.yaml"} {
		full, err := hasFiles(w.path(name))
		if err != nil {
			return err
		}
		if full {
			continue
		}
		if err := os.RemoveAll(w.path(name)); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(aside, name), w.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(w.Private()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(filepath.Join(aside, "prive"), w.Private()); err != nil {
		return err
	}
	return syncFolder(w.Root)
}

// LayFolders makes the folders that members use where there are none at all: after a
// restore on a new machine. One that is there, be it empty, may be where a share is
// going to be mounted: it is left alone.
func (w Workspace) LayFolders(members []pipeline.Member) error {
	for _, dir := range []string{w.Depot(), w.Answers()} {
		if _, err := os.Lstat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		for _, m := range members {
			if err := os.MkdirAll(filepath.Join(dir, string(m)), 0o755); err != nil {
				return fmt.Errorf("restore: %w", err)
			}
		}
	}
	return nil
}

// hasFiles reports whether path is a file, or a folder that holds something.
func hasFiles(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !info.IsDir() {
		return err == nil, err
	}
	entries, err := os.ReadDir(path)
	return len(entries) > 0, err
}

// NeedsRebuild reports whether the publication isn't the ledger's last edition:
// after a restore, the folder may be gone, or be ahead of the backup.
func NeedsRebuild(o Options) (bool, error) {
	r, err := look(o)
	if err != nil {
		return false, err
	}
	if len(r.editions) == 0 {
		return false, nil
	}
	sum, err := fileSum(o.Workspace.Publication(), publish.ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return sum != r.signedOff, err
}
