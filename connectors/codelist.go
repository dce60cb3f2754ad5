package connectors

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cp3/pipeline/fold"

	"github.com/goccy/go-yaml"
)

//go:embed lists/*.yaml
var embeddedLists embed.FS

// Lists returns the code lists cp3 ships, by name. They are shared: don't change
// them.
var Lists = sync.OnceValues(func() (map[string]*CodeList, error) {
	sub, err := fs.Sub(embeddedLists, "lists")
	if err != nil {
		return nil, fmt.Errorf("connectors: lists: %w", err)
	}
	return LoadLists(sub)
})

// LoadLists reads the *.yaml files of a folder, one code list each, strictly,
// and reports every mistake it finds, not only the first: a key that means
// nothing, a code given twice, a spelling that would mean two codes.
func LoadLists(fsys fs.FS) (map[string]*CodeList, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("connectors: lists: %w", err)
	}
	lists := make(map[string]*CodeList, len(names))
	var errs []error
	for _, name := range names {
		l, err := loadList(fsys, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("connectors: lists/%s: %w", name, err))
			continue
		}
		lists[l.Name] = l
	}
	return lists, errors.Join(errs...)
}

func loadList(fsys fs.FS, name string) (*CodeList, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	l := new(CodeList)
	if err := yaml.UnmarshalWithOptions(b, l, yaml.Strict()); err != nil {
		return nil, err
	}
	if want := strings.TrimSuffix(path.Base(name), ".yaml"); l.Name != want {
		return nil, fmt.Errorf("name: %q: write %q, the file's own name", l.Name, want)
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	return l, nil
}

// check returns every reason why l can't be used as a code list.
func (l *CodeList) check() error {
	var errs []error
	if len(l.Codes) == 0 {
		errs = append(errs, errors.New("codes: none: a list has at least one"))
	}
	owner := map[string]string{} // key -> code
	for _, c := range l.Codes {
		if c.Code == "" || c.Label.FR == "" {
			errs = append(errs, fmt.Errorf("codes: %q: a code needs code and label.fr", c.Code+c.Label.FR))
			continue
		}
		if owner[ListKey(c.Code)] == c.Code {
			errs = append(errs, fmt.Errorf("codes: %s: given twice", c.Code))
		}
		for _, s := range c.spellings() {
			k := ListKey(s)
			switch other, taken := owner[k]; {
			case k == "":
				errs = append(errs, fmt.Errorf("codes: %s: spelling %q holds nothing to compare", c.Code, s))
			case taken && other != c.Code:
				errs = append(errs, fmt.Errorf("codes: %s: spelling %q already means %s", c.Code, s, other))
			default:
				owner[k] = c.Code
			}
		}
	}
	return errors.Join(errs...)
}

// spellings are all the ways a code may be written, the code itself first.
func (c Code) spellings() []string {
	s := []string{c.Code}
	for _, t := range append([]string{c.Label.FR, c.Label.AR}, c.Aliases...) {
		if t != "" {
			s = append(s, t)
		}
	}
	return s
}

// Find returns the code that text means, if the list knows that spelling: the
// code itself, a label or an alias, whatever the case, accents, spaces,
// punctuation or Arabic article.
func (l *CodeList) Find(text string) (Code, bool) {
	i, ok := l.keys()[ListKey(text)]
	if !ok {
		return Code{}, false
	}
	return l.Codes[i], true
}

// Get returns a code by its exact name.
func (l *CodeList) Get(code string) (Code, bool) {
	if i, ok := l.keys()[ListKey(code)]; ok && l.Codes[i].Code == code {
		return l.Codes[i], true
	}
	return Code{}, false
}

// Mentioned returns the codes that a text names among other words ("Centre CFA
// Akkari - 1er trimestre"), each once, in the order of the text. Where spellings
// overlap the longest is meant; short ones say too many things beside.
func (l *CodeList) Mentioned(text string) []Code {
	words := strings.Fields(fold.Key(text))
	if len(words) > mostMentioned {
		return nil
	}
	var found []Code
	for _, i := range l.mentioned(words) {
		if c := l.Codes[i]; !slices.ContainsFunc(found, func(f Code) bool { return f.Code == c.Code }) {
			found = append(found, c)
		}
	}
	return found
}

const (
	mostMentioned     = 40 // more words than a title has
	mostSpelling      = 8  // words of the longest spelling looked for
	shortestMentioned = 4  // letters
)

func (l *CodeList) mentioned(words []string) []int {
	for n := min(mostSpelling, len(words)); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			key := ListKey(strings.Join(words[i:i+n], " "))
			if utf8.RuneCountInString(key) < shortestMentioned {
				continue
			}
			if at, ok := l.keys()[key]; ok {
				return append(append(l.mentioned(words[:i]), at), l.mentioned(words[i+n:])...)
			}
		}
	}
	return nil
}

// spelling is one comparison key of a list and the position of its code.
type spelling struct {
	letters
	code int
}

// keys is the index from comparison key to position.
func (l *CodeList) keys() map[string]int {
	l.once.Do(l.build)
	return l.index
}

// spelt are the keys in the order of the codes, for searches that need them all.
func (l *CodeList) spelt() []spelling {
	l.once.Do(l.build)
	return l.spellings
}

// build makes the index on first use: lists are also made in tests and from
// administrators' aliases, not only by the loader. Where two codes share a
// spelling, which the loader refuses, the first has it.
func (l *CodeList) build() {
	l.index = make(map[string]int, 4*len(l.Codes))
	for i, c := range l.Codes {
		for _, s := range c.spellings() {
			k := ListKey(s)
			if _, taken := l.index[k]; !taken && k != "" {
				l.index[k] = i
				l.spellings = append(l.spellings, spelling{lettersOf(k), i})
			}
		}
	}
	l.buildApproved()
}

// ListKey is the comparison key of code lists, weaker than fold.Key: words are
// joined ("Ain Sebaa" = "Aïn-Sebaâ" = "AinSebaa", "Réfugié(e)" = "réfugiée"),
// except between digits ("1.2" is not "12"), and the Arabic article is dropped
// ("السنغال" = "سنغال"). A text of signs alone, such as a tick, is its own key.
func ListKey(s string) string {
	k := fold.Key(s)
	if k == "" {
		return symbols(fold.Tidy(s))
	}
	var b strings.Builder
	b.Grow(len(k))
	prev := ' '
	for w := range strings.SplitSeq(k, " ") {
		w = withoutArticle(w)
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsDigit(prev) && unicode.IsDigit(first) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		prev, _ = utf8.DecodeLastRuneInString(w)
	}
	return b.String()
}

// withoutArticle drops the Arabic article when a word of three letters or more
// remains.
func withoutArticle(w string) string {
	if rest, ok := strings.CutPrefix(w, "ال"); ok && utf8.RuneCountInString(rest) >= 3 {
		return rest
	}
	return w
}

// symbols keeps the signs that mean something (✓, ♀), not punctuation. A
// variation selector, which only asks for a colour picture, is already gone.
func symbols(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.So, r) {
			return r
		}
		return -1
	}, s)
}
