package publish

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Trouble is what is wrong with a published file.
type Trouble string

// The troubles of a published file.
const (
	Missing Trouble = "missing" // the manifest lists it, it isn't there
	Changed Trouble = "changed" // its bytes aren't those that were published
	Foreign Trouble = "foreign" // no edition put it there
)

// Problem is one file that isn't as it was published.
type Problem struct {
	Path    string  `json:"path"` // below the publication, slash-separated
	Trouble Trouble `json:"trouble"`
	Detail  string  `json:"detail"`
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s: %s", p.Path, p.Trouble, p.Detail) }

// Verify reads every byte of the edition in dir, and of the past editions it
// keeps, and compares with their manifests. Its error is fs.ErrNotExist when
// there is no edition; problems come by path.
func Verify(dir string) ([]Problem, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // which a walk would not follow
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, fmt.Errorf("verify publication: %w", err)
	}
	problems, err := verifyEdition(dir, "", m)
	if err != nil {
		return nil, fmt.Errorf("verify publication: %w", err)
	}
	numbers, err := keptEditions(dir)
	if err != nil {
		return nil, fmt.Errorf("verify publication: %w", err)
	}
	for _, n := range numbers {
		under := editionsDir + "/" + strconv.Itoa(n)
		past, err := ReadManifest(filepath.Join(dir, under))
		if err != nil {
			problems = append(problems, Problem{under + "/" + ManifestName, Missing, err.Error()})
			continue
		}
		more, err := verifyEdition(dir, under, past)
		if err != nil {
			return nil, fmt.Errorf("verify publication: %w", err)
		}
		problems = append(problems, more...)
	}
	return problems, nil
}

// verifyEdition compares one edition, at a folder below dir, with its manifest.
func verifyEdition(dir, under string, m Manifest) ([]Problem, error) {
	var problems []Problem
	root := filepath.Join(dir, filepath.FromSlash(under))
	report := func(path string, t Trouble, detail string) {
		problems = append(problems, Problem{strings.TrimPrefix(under+"/"+path, "/"), t, detail})
	}
	for _, f := range m.Files {
		sum, n, err := hashFile(filepath.Join(root, filepath.FromSlash(f.Path)))
		switch {
		case os.IsNotExist(err):
			report(f.Path, Missing, "listed in "+ManifestName)
		case err != nil:
			return nil, err
		case sum != f.SHA256:
			report(f.Path, Changed, fmt.Sprintf("%d bytes, SHA-256 %s; published with %d bytes, %s", n, sum, f.Bytes, f.SHA256))
		}
	}
	foreign, err := foreignFiles(root, m)
	if err != nil {
		return nil, err
	}
	for _, path := range foreign {
		report(path, Foreign, "not listed in "+ManifestName)
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return problems, nil
}

// foreignFiles are the files in an edition's folder that its manifest doesn't
// list, past editions and what desktops scatter left aside.
func foreignFiles(root string, m Manifest) ([]string, error) {
	listed := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		listed[f.Path] = true
	}
	var foreign []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == editionsDir {
				return filepath.SkipDir
			}
			return nil
		}
		if !listed[rel] && !litter(d.Name()) {
			foreign = append(foreign, rel)
		}
		return nil
	})
	return foreign, err
}

// litter reports whether a file is what programs leave in any folder they show
// or open a file of.
func litter(name string) bool {
	switch name {
	case ".DS_Store", "Thumbs.db", "desktop.ini", ".directory":
		return true
	}
	return strings.HasPrefix(name, "~$") || strings.HasPrefix(name, ".~lock.") || strings.HasPrefix(name, "._")
}
