// Package wording holds every sentence a person reads, in catalogues, one
// folder per language and one file per subject.
//
// An entry is either a plain text, or what a rule says: a title (no placeholder,
// so safe to publish), the problem, and the action that mends it. Placeholders
// are written {name} and filled from the arguments; a placeholder without an
// argument is dropped, never shown.
package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Files are the catalogues. What is published holds some of their sentences, so
// runs fingerprint them.
//
//go:embed fr en ar
var Files embed.FS

// Languages are the languages messages exist in; the first is the default and
// the one every key must exist in.
var Languages = []string{"fr", "en", "ar"}

// Entry is one message. A plain text has only Text.
type Entry struct {
	Text    string `yaml:"text,omitempty"`
	Title   string `yaml:"title,omitempty"`
	Problem string `yaml:"problem,omitempty"`
	Action  string `yaml:"action,omitempty"`
}

// entryOf is the entry a value of a catalogue stands for: a plain text can be written
// without its "text:" key.
func entryOf(value any) (e Entry, err error) {
	fields := map[string]*string{"text": &e.Text, "title": &e.Title, "problem": &e.Problem, "action": &e.Action}
	switch v := value.(type) {
	case string:
		e.Text = v
	case map[string]any:
		for name, said := range v {
			field, known := fields[name]
			text, plain := said.(string)
			if !known || !plain {
				return e, fmt.Errorf("%s: an entry is a text, or has title, problem, action", name)
			}
			*field = text
		}
	default:
		return e, fmt.Errorf("%v: an entry is a text, or has title, problem, action", value)
	}
	return e, nil
}

type catalogue map[string]Entry

// Each language is read when it is first asked for: most of what runs speaks one.
var loaders = func() map[string]func() (catalogue, error) {
	of := map[string]func() (catalogue, error){}
	for _, lang := range Languages {
		of[lang] = sync.OnceValues(func() (catalogue, error) { return load(lang) })
	}
	return of
}()

func load(lang string) (catalogue, error) {
	names, err := fs.Glob(Files, lang+"/*.yaml")
	if err != nil {
		return nil, err
	}
	all := catalogue{}
	for _, name := range names {
		b, err := Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		// Of one form in Go, not of Entry: the library would parse each entry again.
		var part map[string]any
		if err := yaml.Unmarshal(b, &part); err != nil {
			return nil, fmt.Errorf("wording/%s: %w", name, err)
		}
		for key, value := range part {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("wording/%s: %s is already defined in another file", path.Clean(name), key)
			}
			if all[key], err = entryOf(value); err != nil {
				return nil, fmt.Errorf("wording/%s: %s: %w", name, key, err)
			}
		}
	}
	return all, nil
}

// of is the catalogue of a language, empty for one that isn't spoken.
func of(lang string) catalogue {
	loaded, spoken := loaders[lang]
	if !spoken {
		return nil
	}
	all, err := loaded()
	if err != nil {
		panic(err) // embedded files: a test loads them all
	}
	return all
}

// Lookup returns the entry of a key in lang, falling back to French; ok is false
// when no language has it.
func Lookup(lang, key string) (Entry, bool) {
	if e, ok := of(lang)[key]; ok {
		return e, true
	}
	e, ok := of(Languages[0])[key]
	return e, ok
}

// Text is the plain text of a key in lang, its placeholders filled. A key that
// does not exist gives the key itself, so that nothing is ever silent.
func Text(lang, key string, args map[string]string) string {
	e, ok := Lookup(lang, key)
	if !ok || e.Text == "" {
		return key
	}
	return Fill(e.Text, args)
}

// Title is the publishable sentence of a rule.
func Title(lang, code string) string {
	if e, ok := Lookup(lang, code); ok && e.Title != "" {
		return e.Title
	}
	return code
}

// Problem says what is wrong, with its values.
func Problem(lang, code string, args map[string]string) string {
	if e, ok := Lookup(lang, code); ok && e.Problem != "" {
		return Fill(e.Problem, args)
	}
	return Title(lang, code)
}

// Action says what to do about it; "" when nothing is to be done.
func Action(lang, code string, args map[string]string) string {
	e, _ := Lookup(lang, code)
	return Fill(e.Action, args)
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// Fill replaces {name} by args["name"].
func Fill(text string, args map[string]string) string {
	at := strings.IndexByte(text, '{')
	if at < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 64)
	for at >= 0 {
		b.WriteString(text[:at])
		name := nameIn(text[at+1:])
		if name == "" {
			b.WriteByte('{')
			text = text[at+1:]
		} else {
			b.WriteString(args[name])
			text = text[at+len(name)+2:]
		}
		at = strings.IndexByte(text, '{')
	}
	b.WriteString(text)
	return b.String()
}

// nameIn is the name a text starts with when a brace closes it: that of a
// placeholder, whose opening brace is just before.
func nameIn(text string) string {
	i := 0
	for i < len(text) && (text[i] == '_' || text[i] >= 'a' && text[i] <= 'z') {
		i++
	}
	if i == len(text) || text[i] != '}' {
		return ""
	}
	return text[:i]
}

// Placeholders are the distinct argument names of a text, sorted.
func Placeholders(text string) []string {
	seen := map[string]bool{}
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return names
}

// Keys are all the keys of a language, sorted.
func Keys(lang string) []string { return slices.Sorted(maps.Keys(of(lang))) }
