package schedules

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cp3/pipeline"

	"github.com/goccy/go-yaml"
)

// Shipped are the schedules `cp3 init` lays in a new workspace.
//
//go:embed *.yaml
var Shipped embed.FS

// Load reads every *.yaml of a folder strictly, by file name. Each problem is
// told with file, line and key; all of them together are the error.
func Load(fsys fs.FS, members []pipeline.Member) ([]*Schedule, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load schedules: %w", err)
	}
	var all []*Schedule
	var errs []error
	files := map[string]string{}
	for _, name := range names {
		s, err := load(fsys, name, members)
		if err == nil && files[s.Name] != "" {
			err = fmt.Errorf("%s: name: %q is already the name of %s", name, s.Name, files[s.Name])
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files[s.Name] = name
		all = append(all, s)
	}
	return all, errors.Join(errs...)
}

func load(fsys fs.FS, name string, members []pipeline.Member) (*Schedule, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("load schedules: %w", err)
	}
	s := defaults()
	if err := yaml.UnmarshalWithOptions(b, &s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%s", name, place(b, strings.TrimSpace(yaml.FormatError(err, false, false))))
	}
	s.File = path.Base(name)
	err = s.complete()
	for _, m := range s.Members {
		if err == nil && !slices.Contains(members, m) {
			err = fmt.Errorf("members: %q is not a member", m)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, keyLine(b, err), err)
	}
	return &s, nil
}

// keyLine is the line of the key an error begins with, 1 when it isn't there.
func keyLine(b []byte, err error) int {
	key, _, _ := strings.Cut(err.Error(), ":")
	for n, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), key+":") {
			return n + 1
		}
	}
	return 1
}

// place makes sure a YAML error says its line: the library doesn't say where a
// value of a type of its own ("catch_up: tomorrow") is wrong, only which.
func place(b []byte, message string) string {
	if strings.HasPrefix(message, "[") {
		return message
	}
	if _, rest, ok := strings.Cut(message, `"`); ok {
		value, _, _ := strings.Cut(rest, `"`)
		for n, line := range strings.Split(string(b), "\n") {
			if key, v, _ := strings.Cut(line, ":"); strings.Contains(v, value) {
				return fmt.Sprintf("%d: %s: %s", n+1, strings.TrimSpace(key), message)
			}
		}
	}
	return "1: " + message
}
