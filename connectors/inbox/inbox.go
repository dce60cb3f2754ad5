// Package inbox finds the workbooks that members dropped in depot/. It reads
// names, sizes and times, never a content.
//
// Members work on these files while cp3 looks at them: Excel leaves a lock file
// beside an open workbook (~$liste.xlsx), a copy over the network grows for
// minutes. So a file counts as dropped once it has *settled*: its modification
// time is at least Settle in the past, or it has not changed while cp3 waited
// that long.
package inbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"cp3/pipeline"
)

// File is a dropped file.
type File struct {
	Member   pipeline.Member
	Path     string // below depot/, slash-separated, with the member's folder
	Size     int64
	Modified time.Time
}

// Skip is a file that is in the folder and not taken this time.
type Skip struct {
	Path   string
	Reason string // "unsettled", "unreadable", "name", "no_member", "not_a_file"
}

// Options of a scan.
type Options struct {
	Members []pipeline.Member // folders to look into; others are skipped with "no_member"
	Only    []pipeline.Member // when not empty, only these
	Settle  time.Duration     // how long a file must be left alone
	Now     func() time.Time
	Sleep   func(context.Context, time.Duration) error
}

// Scan lists the files of depot, sorted by path. fresh says whether a file is new
// or changed since the last run: only those are waited for, so that a folder of
// ten thousand known files costs a walk.
func Scan(ctx context.Context, depot string, fresh func(File) bool, o Options) ([]File, []Skip, error) {
	files, skipped, err := walk(ctx, depot, o)
	if err != nil {
		return nil, nil, err
	}
	unsettled := map[int]bool{}
	for i, f := range files {
		if fresh(f) && age(o.Now(), f) < o.Settle {
			unsettled[i] = true
		}
	}
	if len(unsettled) == 0 {
		return files, skipped, nil
	}
	if err := o.Sleep(ctx, o.Settle); err != nil {
		return nil, nil, err
	}
	kept := files[:0:0]
	for i, f := range files {
		if !unsettled[i] {
			kept = append(kept, f)
			continue
		}
		info, err := os.Stat(filepath.Join(depot, filepath.FromSlash(f.Path)))
		switch {
		case errors.Is(err, fs.ErrNotExist): // taken back: as if never dropped
		case err != nil:
			skipped = append(skipped, Skip{f.Path, "unreadable"})
		case info.Size() != f.Size || !info.ModTime().Equal(f.Modified):
			skipped = append(skipped, Skip{f.Path, "unsettled"})
		default:
			kept = append(kept, f)
		}
	}
	return kept, skipped, nil
}

// age is how long ago a file was last written; a time in the future (a clock
// ahead of ours) says nothing and counts as just now.
func age(now time.Time, f File) time.Duration { return now.Sub(f.Modified) }

// walker collects the files of a drop folder.
type walker struct {
	Options
	members map[string]pipeline.Member // by name in capitals
	files   []File
	skipped []Skip
}

func walk(ctx context.Context, depot string, o Options) ([]File, []Skip, error) {
	w := walker{Options: o, members: folders(o)}
	err := w.walk(ctx, depot, ".")
	sort.Slice(w.files, func(i, j int) bool { return w.files[i].Path < w.files[j].Path })
	return w.files, w.skipped, err
}

// walk looks at a folder that goes by the name under, below depot/. The drop folder
// and members' folders may be links to where a share is mounted: whoever runs cp3
// makes them. Below, links are nobody's files.
func (w *walker) walk(ctx context.Context, dir, under string) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		if under == "." {
			return err
		}
		w.skip(under, "unreadable")
		return nil
	}
	return filepath.WalkDir(real, func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, relErr := filepath.Rel(real, name)
		if relErr != nil {
			return relErr
		}
		rel = path.Join(under, filepath.ToSlash(rel))
		switch {
		case err != nil && rel == ".":
			return err
		case err != nil:
			// One folder that can't be listed doesn't stop the others.
			w.skip(rel, "unreadable")
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case rel == under:
			return nil
		}
		return w.visit(ctx, name, rel, d)
	})
}

// visit looks at one name.
func (w *walker) visit(ctx context.Context, name, rel string, d fs.DirEntry) error {
	top, _, below := strings.Cut(rel, "/")
	member, known := w.members[strings.ToUpper(top)]
	switch {
	case d.IsDir() && (hidden(d.Name()) || known && !w.wants(member)):
		return fs.SkipDir
	case d.IsDir():
		return nil
	case Temporary(d.Name()):
		return nil
	case !below && known && d.Type()&fs.ModeSymlink != 0:
		if !w.wants(member) {
			return nil
		}
		return w.walk(ctx, name, rel)
	case !below || !known:
		w.skip(rel, "no_member")
		return nil
	}
	f, skip := stat(rel, name, member)
	if !utf8.ValidString(rel) {
		// A name in an old encoding (an archive unpacked without its code page) can be
		// neither recorded nor answered under: it must not stop the others.
		rel, skip = strings.ToValidUTF8(rel, "\uFFFD"), "name"
	}
	if skip != "" {
		w.skip(rel, skip)
		return nil
	}
	w.files = append(w.files, f)
	return nil
}

func (w *walker) skip(rel, reason string) { w.skipped = append(w.skipped, Skip{rel, reason}) }

// stat doesn't follow symbolic links: what one points to (another member's file, a
// file of the server) was not dropped by whoever made it, and would come back to
// them in the answer.
func stat(rel, name string, member pipeline.Member) (File, string) {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return File{}, "unreadable"
	case !info.Mode().IsRegular():
		return File{}, "not_a_file"
	}
	return File{Member: member, Path: rel, Size: info.Size(), Modified: info.ModTime()}, ""
}

// wants reports whether a member's folder is looked into.
func (o Options) wants(m pipeline.Member) bool {
	return len(o.Only) == 0 || slices.Contains(o.Only, m)
}

func folders(o Options) map[string]pipeline.Member {
	byName := make(map[string]pipeline.Member, len(o.Members))
	for _, m := range o.Members {
		byName[strings.ToUpper(string(m))] = m
	}
	return byName
}

// Temporary reports whether a file name is one that programs leave beside a
// workbook: locks, partial downloads, folder settings.
func Temporary(name string) bool {
	lower := strings.ToLower(name)
	if hidden(name) || strings.HasPrefix(name, "~") || strings.HasSuffix(name, "~") {
		return true
	}
	switch lower {
	case "thumbs.db", "desktop.ini":
		return true
	}
	switch path.Ext(lower) {
	case ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", ".lock", ".filepart":
		return true
	}
	return false
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }
