package run

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Person ids live longer than any clustering. The registry remembers, for every
// description of a person ever seen (its identity key, a keyed hash), the id it
// went under; a cluster takes the oldest id its members went under, and a part
// that splits off gets a new one. No id is ever given to somebody else.
//
// Keys and ids are HMAC-SHA256 under the workspace's secret: whoever knows a name
// but not the secret can't tell its id.

// person is one cluster of mentions.
type person struct {
	number int32    // of the cluster
	keys   []string // what the registry remembers it under, sorted, distinct
	// also are keys it was remembered under while another person shared a
	// description with it, or before: they count when none of keys is known.
	also     []string
	mentions []string // sorted
}

// issuedID is what the registry says of an identity key: its latest id, and when
// that id was first issued (position in the registry).
type issuedID struct {
	id    string
	order int
}

// registry is the ids issued so far.
type registry struct {
	secret []byte
	byKey  map[string]issuedID
	issued map[string]bool
}

// newRow is a line to add to the registry.
type newRow struct{ key, id string }

// assign gives each person its id and returns what the registry must learn. The
// result depends on the clusters and the registry only, not on their order.
func (g *registry) assign(people []person) (ids []string, learn []newRow) {
	ids = make([]string, len(people))
	taken := map[string]bool{}
	for { // who doesn't get the oldest id they went under may get the next
		claims := map[string][]int{} // id -> people that went under it
		for i, p := range people {
			if id, ok := g.oldest(p, taken); ok && ids[i] == "" {
				claims[id] = append(claims[id], i)
			}
		}
		if len(claims) == 0 {
			break
		}
		for id, claimants := range claims { // each id alone: their order changes nothing
			ids[g.heir(id, people, claimants)] = id
			taken[id] = true
		}
	}
	order := make([]int, len(people))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(people[a].keys[0], people[b].keys[0]) })
	for _, i := range order {
		if ids[i] == "" {
			ids[i] = g.mint(people[i].keys[0])
		}
		for _, key := range people[i].keys {
			if g.byKey[key].id != ids[i] {
				learn = append(learn, newRow{key, ids[i]})
			}
		}
	}
	return ids, learn
}

// oldest is the first-issued id among those a person went under, without those
// that are taken.
func (g *registry) oldest(p person, taken map[string]bool) (string, bool) {
	if id, ok := g.oldestOf(p.keys, taken); ok || g.knows(p.keys) {
		return id, ok
	}
	return g.oldestOf(p.also, taken)
}

func (g *registry) knows(keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { _, ok := g.byKey[key]; return ok })
}

func (g *registry) oldestOf(keys []string, taken map[string]bool) (string, bool) {
	var best issuedID
	found := false
	for _, key := range keys {
		if k, ok := g.byKey[key]; ok && !taken[k.id] && (!found || k.order < best.order) {
			best, found = k, true
		}
	}
	return best.id, found
}

// heir is which of several people that went under one id keeps it: the one that
// holds the description the id was made from, else the one with more mentions of
// it, else the smallest key.
func (g *registry) heir(id string, people []person, claimants []int) int {
	return slices.MinFunc(claimants, func(a, b int) int {
		return cmp.Or(
			-compareBool(g.minted(id, people[a]), g.minted(id, people[b])),
			-cmp.Compare(len(people[a].mentions), len(people[b].mentions)),
			cmp.Compare(people[a].keys[0], people[b].keys[0]))
	})
}

func (g *registry) minted(id string, p person) bool {
	return slices.ContainsFunc(p.keys, func(key string) bool { return g.id(key, 0) == id })
}

// mint makes an id nobody has had.
func (g *registry) mint(key string) string {
	for n := 0; ; n++ {
		if id := g.id(key, n); !g.issued[id] {
			g.issued[id] = true
			return id
		}
	}
}

func (g *registry) id(key string, n int) string {
	return "p" + keyed(g.secret, fmt.Sprintf("person\n%s\n%d", key, n), 20)
}

// keyed is the first hexadecimal digits, up to 64, of a text's HMAC-SHA256.
func keyed(secret []byte, text string, digits int) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil)[:digits/2])
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
