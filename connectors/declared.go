package connectors

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"cp3/pipeline"
)

// Declared are the declarations in force: those cp3 ships, and those an
// administrator keeps in a folder, one file a member, for members cp3 does not
// know.
type Declared struct {
	Specs []*Spec // in member order
	more  fs.FS   // nil without a folder
}

// ownFolder is where declarations of a workspace are seen, beside members/.
const ownFolder = "membres"

// Declare loads the declarations in force; a folder that isn't there holds none.
// Its files are linted like those shipped, and can't say anything else of a member
// that is.
func Declare(dir string) (Declared, error) {
	shipped, err := Load()
	if err != nil || dir == "" {
		return Declared{Specs: shipped}, err
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return Declared{Specs: shipped}, nil
	}
	d := Declared{more: os.DirFS(dir)}
	d.Specs, err = LoadFS(beside{d.more})
	return d, err
}

// Members are the members declared, in order.
func (d Declared) Members() []pipeline.Member {
	codes := make([]pipeline.Member, len(d.Specs))
	for i, s := range d.Specs {
		codes[i] = s.Member
	}
	return codes
}

// Files are what the declarations were read from: what is understood depends on
// them, so runs fingerprint them.
func (d Declared) Files() []fs.FS {
	if d.more == nil {
		return []fs.FS{Files}
	}
	return []fs.FS{Files, d.more}
}

// beside shows the shipped declarations and, in a folder of their own, others.
type beside struct{ more fs.FS }

func (b beside) Open(name string) (fs.File, error) {
	if rest, ok := strings.CutPrefix(name, ownFolder); ok && (rest == "" || rest[0] == '/') {
		return b.more.Open(path.Clean("./" + rest))
	}
	return declarations.Open(name)
}

// oneEach refuses a member that two files declare.
func oneEach(specs []*Spec, files map[*Spec]*document) error {
	var errs []error
	first := map[pipeline.Member]string{}
	for _, s := range specs {
		if other, twice := first[s.Member]; twice {
			errs = append(errs, files[s].errorf("member", "%q is declared by %s already: give the new member a code of its own", s.Member, other))
			continue
		}
		first[s.Member] = files[s].name
	}
	return errors.Join(errs...)
}

// memberFiles are the declarations of a file system, those of the workspace last.
func memberFiles(fsys fs.FS) ([]string, error) {
	var names []string
	for _, folder := range []string{"members", ownFolder} {
		found, err := fs.Glob(fsys, folder+"/*.yaml")
		if err != nil {
			return nil, fmt.Errorf("declarations: %w", err)
		}
		names = append(names, found...)
	}
	return names, nil
}
