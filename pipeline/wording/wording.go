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
	"path"
	"regexp"
	"sort"
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

// UnmarshalYAML lets a plain text be written without its "text:" key.
func (e *Entry) UnmarshalYAML(b []byte) error {
	var s string
	if err := yaml.Unmarshal(b, &s); err == nil {
		*e = Entry{Text: s}
		return nil
	}
	type entry Entry
	return yaml.UnmarshalWithOptions(b, (*entry)(e), yaml.Strict())
}

type catalogue map[string]Entry

var load = sync.OnceValues(func() (map[string]catalogue, error) {
	all := map[string]catalogue{}
	for _, lang := range Languages {
		all[lang] = catalogue{}
		names, err := fs.Glob(Files, lang+"/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			b, err := Files.ReadFile(name)
			if err != nil {
				return nil, err
			}
			var part catalogue
			if err := yaml.UnmarshalWithOptions(b, &part, yaml.Strict()); err != nil {
				return nil, fmt.Errorf("wording/%s: %w", name, err)
			}
			for key, e := range part {
				if _, twice := all[lang][key]; twice {
					return nil, fmt.Errorf("wording/%s: %s is already defined in another file", path.Clean(name), key)
				}
				all[lang][key] = e
			}
		}
	}
	return all, nil
})

// Lookup returns the entry of a key in lang, falling back to French; ok is false
// when no language has it.
func Lookup(lang, key string) (Entry, bool) {
	all, err := load()
	if err != nil {
		panic(err) // embedded files: a test loads them all
	}
	if e, ok := all[lang][key]; ok {
		return e, true
	}
	e, ok := all["fr"][key]
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
	sort.Strings(names)
	return names
}

// Keys are all the keys of a language, sorted.
func Keys(lang string) []string {
	all, err := load()
	if err != nil {
		panic(err)
	}
	keys := make([]string, 0, len(all[lang]))
	for k := range all[lang] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
