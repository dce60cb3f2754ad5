package normalise

import (
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// place is what a locality says: a province and its region, or a region alone.
type place struct{ province, region string }

// several stands for more than one province while a text is read.
const several = "*"

// mostAddress is more words than an address has: beyond, the cell is a comment.
const mostAddress = 40

// locality reads a city, a district, a province or a region. The text is kept as
// written; where it is, when known, is in Attrs, and Code is the code of the
// field's list. A name nobody knows is no fault: only what looks like a misspelt
// city is brought up.
func (r *reading) locality() Value {
	text := r.shown()
	if r.cell.Kind == pipeline.NumberCell {
		text = plain(r.cell.Number)
	}
	regions := r.field.List == "region"
	p, ok := r.findPlace(text, regions)
	if !ok {
		return r.unknownPlace(regions)
	}
	v := Value{Text: text, Present: true, Attrs: map[string]string{"region": p.region}, Code: p.province}
	if p.province != "" {
		v.Attrs["province"] = p.province
	}
	if regions {
		v.Code = p.region
	}
	return v
}

func (r *reading) unknownPlace(regions bool) Value {
	l := r.list()
	near, _ := r.nearest(l)
	switch {
	case regions && near != "":
		return r.refuse("region.misspelt", "nearest", near)
	case regions:
		return r.refuse("region.unknown", "allowed", r.allowed(l))
	case near != "":
		r.warn("locality.misspelt", "nearest", near)
	default:
		r.note("note.locality_unknown")
	}
	return r.plainText()
}

// findPlace looks for the whole text, then for the places its words name, which
// must agree.
func (r *reading) findPlace(text string, regionFirst bool) (place, bool) {
	if p, ok := r.placeOf(text, regionFirst); ok {
		return p, true
	}
	words := strings.Fields(fold.Key(text))
	if len(words) > mostAddress {
		return place{}, false
	}
	found := r.placesIn(words)
	if len(found) == 0 {
		return place{}, false
	}
	p := place{region: found[0].region}
	for _, q := range found {
		switch {
		case q.region != p.region:
			return place{}, false
		case p.province == "":
			p.province = q.province
		case q.province != "" && q.province != p.province:
			p.province = several
		}
	}
	if p.province == several {
		p.province = "" // two provinces of one region: the region is sure
	}
	r.note("note.place_in_text")
	return p, true
}

// placeOf finds a text that is a place and nothing else.
func (r *reading) placeOf(text string, regionFirst bool) (place, bool) {
	province := func() (place, bool) {
		c, ok := find(r.env.Lists["province"], text)
		return place{c.Code, c.Attrs["region"]}, ok
	}
	region := func() (place, bool) {
		c, ok := find(r.env.Lists["region"], text)
		return place{"", c.Code}, ok
	}
	if regionFirst {
		province, region = region, province
	}
	if p, ok := province(); ok {
		return p, true
	}
	return region()
}

// placesIn finds the places that runs of up to four words name, the longest runs
// first, none overlapping. Short words name too many things besides places.
func (r *reading) placesIn(words []string) []place {
	for n := min(4, len(words)); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			run := strings.Join(words[i:i+n], " ")
			if len([]rune(run)) < 4 {
				continue
			}
			if p, ok := r.placeOf(run, false); ok {
				before, after := r.placesIn(words[:i]), r.placesIn(words[i+n:])
				return append(append(before, p), after...)
			}
		}
	}
	return nil
}

func find(l *connectors.CodeList, text string) (connectors.Code, bool) {
	if l == nil {
		return connectors.Code{}, false
	}
	return l.Find(text)
}
