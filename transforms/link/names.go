package link

import (
	"math"
	"strings"

	"cp3/pipeline/fold"
)

// roles counts how often a word is seen in a given name and in a family name.
type roles struct {
	given, family           map[string]float64
	totalGiven, totalFamily float64
}

func newRoles() *roles {
	return &roles{given: map[string]float64{}, family: map[string]float64{}}
}

func (r *roles) learn(kind Kind, name string, times float64) {
	words, _ := letters(name)
	for _, w := range words {
		if kind == GivenName {
			r.given[sound(w)] += times
			r.totalGiven += times
		} else {
			r.family[sound(w)] += times
			r.totalFamily += times
		}
	}
}

// favour is the log odds that a word is of a given name rather than of a family
// name.
func (r *roles) favour(word string) float64 {
	const doubt = 0.5
	odds := 0.0
	words, _ := letters(word)
	for _, w := range words {
		s := sound(w)
		p := (r.given[s] + doubt) / (r.totalGiven + 2*doubt)
		q := (r.family[s] + doubt) / (r.totalFamily + 2*doubt)
		odds += math.Log(p / q)
	}
	return odds
}

// split cuts a full name in its family and given parts: the cut, and the order,
// that fit best what the words are elsewhere. Lists here write the family name
// first, often in capitals, which settles what the words leave open.
func (r *roles) split(full string) (family, given string) {
	words := strings.Fields(fold.Tidy(strings.ReplaceAll(full, ",", " ")))
	if len(words) < 2 {
		return full, ""
	}
	capital := capitals(words)
	best := math.Inf(-1)
	for cut := 1; cut < len(words); cut++ {
		head, tail := words[:cut], words[cut:]
		for _, familyFirst := range []bool{true, false} {
			f, g := head, tail
			if !familyFirst {
				f, g = tail, head
			}
			if s := r.fit(f, g, familyFirst, capital); s > best+1e-9 {
				best, family, given = s, strings.Join(f, " "), strings.Join(g, " ")
			}
		}
	}
	return family, given
}

func (r *roles) fit(family, given []string, familyFirst bool, capital map[string]float64) float64 {
	s := 0.0
	for _, w := range given {
		s += r.favour(w) - capital[w]
	}
	for _, w := range family {
		s -= r.favour(w) - capital[w]
	}
	if familyFirst {
		s += 1
	}
	// A particle belongs with the word after it, and most names are one word and some.
	if last := family[len(family)-1]; particles[fold.Key(last)] {
		s -= 3
	}
	return s - 0.3*float64(len(family)-1)
}

// capitals is the weight of the words written in capitals, as family names are when
// given names are not; none when all are.
func capitals(words []string) map[string]float64 {
	weight := map[string]float64{}
	for _, w := range words {
		if strings.ToUpper(w) == w && strings.ToLower(w) != w && len(w) > 1 {
			weight[w] = 0.75
		}
	}
	if len(weight) == len(words) {
		return nil
	}
	return weight
}

// learnRoles counts the words of the given and family names to learn from.
func (e *engine) learnRoles(r *raw) {
	if len(e.full) == 0 {
		return
	}
	e.roles = newRoles()
	for _, f := range e.spec.Columns {
		if f.Kind != GivenName && f.Kind != FamilyName {
			continue
		}
		column := &r.columns[e.input(f.Name)]
		for t, text := range column.texts {
			if times := column.times[t]; times > 0 {
				e.roles.learn(f.Kind, text, float64(times))
			}
		}
	}
}
