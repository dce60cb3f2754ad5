package link

import "hash/maphash"

// index finds texts of a list by what they say: their numbers stand in a table of twice
// as many entries or more, where the hash says. It holds no text itself, as a map would,
// and hashes none again when it grows.
type index struct {
	seed    maphash.Seed
	entries []entry
	used    int
}

// entry is a text's number, from 1, with its hash; or none.
type entry struct {
	hash   uint32
	number int32
}

func newIndex() index { return index{seed: maphash.MakeSeed(), entries: make([]entry, 1<<6)} }

// find is the number of a text among texts; when it is unknown, it is the next one,
// and becomes known.
func (x *index) find(texts []string, text string) (number int32, known bool) {
	hash := uint32(maphash.String(x.seed, text))
	at := x.from(hash)
	for ; x.entries[at].number > 0; at = x.after(at) {
		if e := x.entries[at]; e.hash == hash && texts[e.number-1] == text {
			return e.number - 1, true
		}
	}
	x.entries[at] = entry{hash, int32(len(texts)) + 1}
	if x.used++; 2*x.used > len(x.entries) {
		x.grow()
	}
	return int32(len(texts)), false
}

func (x *index) from(hash uint32) int { return int(hash) & (len(x.entries) - 1) }

func (x *index) after(at int) int { return (at + 1) & (len(x.entries) - 1) }

func (x *index) grow() {
	old := x.entries
	x.entries = make([]entry, 2*len(old))
	for _, e := range old {
		if e.number == 0 {
			continue
		}
		at := x.from(e.hash)
		for x.entries[at].number > 0 {
			at = x.after(at)
		}
		x.entries[at] = e
	}
}
