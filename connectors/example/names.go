package example

import (
	_ "embed"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"cp3/pipeline"
)

//go:embed names.yaml
var namesYAML []byte

// Name is one name and the ways clerks spell it, the usual one first.
type Name struct {
	Spellings []string
	Arabic    string // "" when no clerk would write it in Arabic
}

// String is the usual spelling.
func (n Name) String() string { return n.Spellings[0] }

// other is a spelling that is not the usual one.
func (n Name) other(d *draw) string {
	if len(n.Spellings) == 1 {
		return n.Spellings[0]
	}
	return n.Spellings[1+d.n(len(n.Spellings)-1)]
}

// UnmarshalYAML reads a name from its list of spellings.
func (n *Name) UnmarshalYAML(b []byte) error {
	var spellings []string
	if err := yaml.Unmarshal(b, &spellings); err != nil {
		return err
	}
	for _, s := range spellings {
		if ar, ok := strings.CutPrefix(s, "ar: "); ok {
			n.Arabic = ar
			continue
		}
		n.Spellings = append(n.Spellings, s)
	}
	if len(n.Spellings) == 0 {
		return fmt.Errorf("a name without a spelling: %s", b)
	}
	return nil
}

// nation is how clerks write a nationality.
type nation struct {
	Country string `yaml:"country"`
	Man     string `yaml:"man"`
	Woman   string `yaml:"woman"`
	ISO2    string `yaml:"iso2"`
	Arabic  string `yaml:"ar"`
}

// origin is a part of the world: who comes from it and what they are called.
type origin struct {
	From     map[string]int `yaml:"from"` // nationality: weight
	Families []Name         `yaml:"families"`
	Women    []Name         `yaml:"women"`
	Men      []Name         `yaml:"men"`
}

// nationality is one of those of the origin, as often as its weight says.
func (o origin) nationality(d *draw) string {
	codes := make([]string, 0, len(o.From))
	for code := range o.From {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	weights := make([]int, len(codes))
	for i, code := range codes {
		weights[i] = o.From[code]
	}
	return codes[d.weighted(weights)]
}

// given are the first names of one sex.
func (o origin) given(sex pipeline.Sex) []Name {
	if sex == pipeline.Women {
		return o.Women
	}
	return o.Men
}

type nameBook struct {
	Groups        []origin          `yaml:"groups"`
	Nationalities map[string]nation `yaml:"nationalities"`
}

var names = sync.OnceValue(func() nameBook {
	var b nameBook
	if err := yaml.UnmarshalWithOptions(namesYAML, &b, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("names.yaml: %v", err)) // embedded: a mistake of ours, caught by every test
	}
	return b
})
