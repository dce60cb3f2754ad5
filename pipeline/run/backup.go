package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cp3/pipeline/backup"

	"github.com/google/renameio/v2"
)

// BackupConfig says where encrypted copies of the private area go.
type BackupConfig struct {
	Dir        string   `yaml:"dir"`        // relative to the workspace, or anywhere
	Recipients []string `yaml:"recipients"` // public keys: age1...
	Keep       int      `yaml:"keep"`       // copies kept; 0 keeps all
}

func (c BackupConfig) validate() error {
	if c.Keep < 0 {
		return errors.New("backup.keep: can't be below zero")
	}
	if len(c.Recipients) == 0 {
		return nil // no backups
	}
	if c.Dir == "" {
		return errors.New("backup.dir: missing: say where backups go, on another disk if there is one")
	}
	if err := backup.CheckRecipients(c.Recipients); err != nil {
		return fmt.Errorf("backup.recipients: %w: write public keys (age1...), one a line; cp3 backup --new-key FILE makes a pair", err)
	}
	return nil
}

// NotConfigured says that cp3.yaml doesn't ask for something.
type NotConfigured struct{ Key, What string }

func (e *NotConfigured) Error() string {
	return fmt.Sprintf("%s: not set in cp3.yaml: %s", e.Key, e.What)
}

// BackedUp is what a backup holds.
type BackedUp struct {
	File    string   `json:"file"`
	Bytes   int64    `json:"bytes"`
	Files   int      `json:"files"`
	Removed []string `json:"removed"` // older backups, beyond those to keep
}

// The name of a backup is the time it was made at, so that names sort by age.
const (
	backupPrefix = "cp3-"
	backupForm   = "20060102T150405Z"
	backupSuffix = ".tar.gz.age"
)

// backedUp are the names a backup holds: what is private, and what an
// administrator wrote.
var backedUp = []string{"cp3.yaml", "membres", "schedules", "prive"}

// Backup copies the private area, encrypted, while nothing else runs. The file
// appears whole under its name, or not at all.
func Backup(ctx context.Context, o Options) (b BackedUp, err error) {
	if len(o.Config.Backup.Recipients) == 0 {
		return b, &NotConfigured{"backup.recipients", "nobody could read a backup"}
	}
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, release()) }()
	began := o.Now()
	defer func() { err = o.remember("backup", began, err) }()
	dir := o.Workspace.below(o.Config.Backup.Dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return b, fmt.Errorf("backup: %w", err)
	}
	if err := sweepBackups(dir, began); err != nil {
		return b, fmt.Errorf("backup: %w", err)
	}
	b.File = filepath.Join(dir, backupPrefix+began.UTC().Format(backupForm)+backupSuffix)
	if b.Files, b.Bytes, err = o.writeBackup(ctx, b.File); err != nil {
		return b, err
	}
	if b.Removed, err = o.pruneBackups(dir); err != nil {
		return b, err
	}
	o.Log.Info("backed up", "files", b.Files, "bytes", b.Bytes, "removed", len(b.Removed))
	return b, nil
}

// sweepBackups removes what killed backups left under a name of their own; one of
// today may be another workspace's, being written.
func sweepBackups(dir string, now time.Time) error {
	left, err := listed(dir, "."+backupPrefix, "")
	for _, name := range left {
		info, statErr := os.Stat(name)
		if statErr == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}

func (o Options) writeBackup(ctx context.Context, file string) (files int, size int64, err error) {
	out, err := renameio.NewPendingFile(file, renameio.WithPermissions(0o600), renameio.WithTempDir(filepath.Dir(file)))
	if err != nil {
		return 0, 0, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Cleanup()) }()
	inside, err := filepath.Rel(o.Workspace.Root, filepath.Dir(file))
	if err != nil {
		inside = ""
	}
	if files, err = backup.Write(ctx, out, o.Workspace.Root, backedUp, backup.Options{
		Recipients: o.Config.Backup.Recipients, Skip: func(path string) bool { return passing(path) || path == filepath.ToSlash(inside) },
	}); err != nil {
		return files, 0, err
	}
	info, err := out.Stat()
	if err != nil {
		return files, 0, fmt.Errorf("backup: %w", err)
	}
	if err := out.CloseAtomicallyReplace(); err != nil {
		return files, 0, fmt.Errorf("backup: %w", err)
	}
	return files, info.Size(), nil
}

// passing reports whether a path holds what only matters while a process works.
func passing(path string) bool {
	switch path {
	case "prive/tmp", "prive/archive/tmp":
		return true
	}
	return strings.HasPrefix(path, "prive/"+runLock) || strings.HasPrefix(path, "prive/entrepot.duckdb.rebuild") || strings.HasSuffix(path, passingEnd)
}

func (o Options) pruneBackups(dir string) (removed []string, err error) {
	all, err := backup.Latest(dir, backupPrefix, backupSuffix)
	if err != nil || o.Config.Backup.Keep == 0 || len(all) <= o.Config.Backup.Keep {
		return nil, err
	}
	for _, old := range all[o.Config.Backup.Keep:] {
		if err := os.Remove(old); err != nil {
			return removed, fmt.Errorf("backup: %w", err)
		}
		removed = append(removed, old)
	}
	return removed, nil
}

// below is a path of the configuration: relative ones begin at the workspace.
func (w Workspace) below(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return w.path(path)
}

// lastBackup is when the latest backup in the folder was made; zero for never.
func (o Options) lastBackup() time.Time {
	all, err := backup.Latest(o.Workspace.below(o.Config.Backup.Dir), backupPrefix, backupSuffix)
	if err != nil || len(all) == 0 {
		return time.Time{}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(all[0]), backupPrefix), backupSuffix)
	at, err := time.Parse(backupForm, name)
	if err != nil {
		return time.Time{}
	}
	return at
}
