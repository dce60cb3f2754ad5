package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"cp3/pipeline/backup"
	"cp3/pipeline/run"

	"github.com/spf13/cobra"
)

func (a *app) backup() *cobra.Command {
	var newKey string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "An encrypted copy of the private area (backup in cp3.yaml)",
		Long: "Copy the private area, cp3.yaml and schedules/ to one file, encrypted for the recipients in cp3.yaml, while nothing else\n" +
			"runs. --new-key makes a pair of keys first: the private one goes to a file, the public one is printed.",
		Args: func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "backup takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if newKey != "" {
				return a.newKey(newKey)
			}
			o, err := a.open("backup")
			if err != nil {
				return err
			}
			b, err := run.Backup(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(b)
			}
			fmt.Fprintln(a.Stdout, a.say("backup.done", "file", b.File, "files", strconv.Itoa(b.Files), "size", megabytes(b.Bytes), "removed", strconv.Itoa(len(b.Removed))))
			return nil
		},
	}
	cmd.Flags().StringVar(&newKey, "new-key", "", "make a pair of keys, the private one in this new file; nothing is backed up")
	return cmd
}

// newKey writes a private key where there is no file yet and prints its recipient.
func (a *app) newKey(file string) (err error) {
	identity, recipient, err := backup.NewIdentity()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return usageError{fmt.Errorf("--new-key %s: there is such a file: a key is never overwritten", file)}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(identity); err != nil {
		return err
	}
	if a.lang == "" {
		a.lang = "fr"
	}
	fmt.Fprintln(a.Stdout, a.say("backup.new_key", "file", file))
	fmt.Fprintln(a.Stdout, recipient)
	return nil
}

func (a *app) restore() *cobra.Command {
	var identity string
	cmd := &cobra.Command{
		Use:   "restore FILE DIR --identity KEY",
		Short: "Bring a backup back into a workspace",
		Long: "Bring the private area of a backup back into DIR, a new folder or a workspace that lost its own, then publish its last\n" +
			"edition again and verify everything. Nothing is overwritten: a private area that is there must be moved away first.",
		Args: func(_ *cobra.Command, args []string) error {
			return wantArgs(2, 2, "restore takes a backup and a folder: cp3 restore FILE DIR --identity KEY")(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if identity == "" {
				return usageError{errors.New("restore: --identity: give the file with the private key (cp3 backup --new-key made it)")}
			}
			w, files, err := run.Restore(cmd.Context(), args[1], args[0], identity)
			if err != nil {
				return err
			}
			a.workspace = w.Root
			return a.afterRestore(cmd, files)
		},
	}
	cmd.Flags().StringVar(&identity, "identity", "", "the file with the private key of one of the backup's recipients")
	return cmd
}

// afterRestore makes the publication what the ledger says, and proves everything.
func (a *app) afterRestore(cmd *cobra.Command, files int) error {
	o, err := a.open("rebuild")
	if err != nil {
		return err
	}
	if err := o.Workspace.LayFolders(o.Config.Members); err != nil {
		return err
	}
	needs, err := run.NeedsRebuild(o)
	if err != nil {
		return err
	}
	if needs {
		_, err := run.Rebuild(cmd.Context(), o)
		a.endProgress(o)
		if err != nil {
			return err
		}
	}
	v, err := run.Verify(cmd.Context(), o)
	a.endProgress(o)
	if err != nil {
		return err
	}
	if a.json {
		err := a.printJSON(restored{files, a.workspace, v})
		if err == nil && len(v.Problems) > 0 {
			err = silentError{exitFailed}
		}
		return err
	}
	fmt.Fprintln(a.Stdout, a.say("backup.restored", "files", strconv.Itoa(files), "dir", a.workspace))
	a.printVerified(v)
	if len(v.Problems) > 0 {
		return silentError{exitFailed}
	}
	return nil
}

// restored is what --json tells of a restore.
type restored struct {
	Files    int          `json:"files"`
	Dir      string       `json:"dir"`
	Verified run.Verified `json:"verified"`
}

// megabytes is a size as people read it.
func megabytes(n int64) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), ".0") + " Mo"
}
