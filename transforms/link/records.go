package link

import (
	"slices"
	"strings"

	"cp3/pipeline/parallel"
)

// records are the records in memory, every value by the number of its form.
type records struct {
	n, learned int       // those learned from come first
	width      int       // cells a record
	cells      []int32   // a form by field, -1 for none; then what it is within, by field that has a within
	in         []int     // by field: the cell of its within, -1 for none
	pools      []*pool   // by field; names share one, for they may be in each other's place
	rarity     []float32 // bits of a name and of its sound, by record and field of names
	named      []int     // by field: its place in rarity, -1 when it holds no names
	names      int       // fields of names
}

// pool holds the distinct forms of a field.
type pool struct {
	forms []form
	index map[string]int32
	codes [aspects]map[string]int32
}

// prepare makes the records' values ready to be compared.
func (e *engine) prepare(r *raw) {
	e.learnRoles(r)
	e.records = newRecords(e.fields, len(r.ids), r.late)
	readers := make([]dateReader, len(e.fields))
	sources := make([][]source, len(e.fields))
	for i, f := range e.fields {
		sources[i] = e.sources(f, r)
		if f.Kind == Date {
			readers[i] = newDateReader(f.Format, sources[i][0].column.learned())
		}
	}
	var groups [][]int // of fields that share a pool
	for i := range e.fields {
		if k := slices.IndexFunc(groups, func(g []int) bool { return e.records.pools[g[0]] == e.records.pools[i] }); k >= 0 {
			groups[k] = append(groups[k], i)
		} else {
			groups = append(groups, []int{i})
		}
	}
	parallel.Each(len(groups), func(g int) {
		pool, texts := e.records.pools[groups[g][0]], 0
		for _, i := range groups[g] {
			for _, s := range sources[i] {
				texts += len(s.column.texts)
			}
		}
		pool.begin(texts)
		for _, i := range groups[g] {
			e.records.fill(i, e.fields[i].Kind, sources[i], readers[i])
		}
		pool.done()
	})
	for i, f := range e.fields {
		if f.Within != "" {
			e.records.fillWithin(e.records.in[i], &r.columns[e.input(f.Within)])
		}
	}
}

func newRecords(fields []field, n, learned int) *records {
	r := &records{n: n, learned: learned, width: len(fields), in: make([]int, len(fields)), named: make([]int, len(fields)), pools: make([]*pool, len(fields))}
	names := &pool{}
	for i, f := range fields {
		r.in[i], r.named[i] = -1, -1
		if f.Within != "" {
			r.in[i] = r.width
			r.width++
		}
		if f.Kind == GivenName || f.Kind == FamilyName {
			r.named[i] = r.names
			r.names++
			r.pools[i] = names
		} else {
			r.pools[i] = &pool{}
		}
	}
	r.cells = make([]int32, n*r.width)
	return r
}

// begin makes room for the forms of so many texts.
func (p *pool) begin(texts int) {
	p.forms, p.index = make([]form, 0, texts), make(map[string]int32, texts)
	p.codes = [aspects]map[string]int32{make(map[string]int32, texts), {}}
}

// row are the cells of a record.
func (r *records) row(n int32) []int32 {
	at := int(n) * r.width
	return r.cells[at : at+r.width]
}

// form is a record's in a field; nil for none.
func (r *records) form(n int32, field int) *form {
	if i := r.cells[int(n)*r.width+field]; i >= 0 {
		return &r.pools[field].forms[i]
	}
	return nil
}

// source is a column that a field is read from, or one part of the full names there.
type source struct {
	column *rawColumn
	part   func(text string) string // nil: all of it
}

func (e *engine) sources(f field, r *raw) []source {
	var all []source
	for _, name := range f.source {
		full, kind, ok := strings.Cut(name, "\x00")
		if !ok {
			all = append(all, source{column: &r.columns[e.input(name)]})
			continue
		}
		all = append(all, source{&r.columns[e.input(full)], func(text string) string {
			family, given := e.roles.split(text)
			if Kind(kind) == GivenName {
				return given
			}
			return family
		}})
	}
	return all
}

// learned are the texts that records to learn from have.
func (c *rawColumn) learned() []string {
	var texts []string
	for i, text := range c.texts {
		if c.times[i] > 0 {
			texts = append(texts, text)
		}
	}
	return texts
}

// What a source has for a record, beside forms.
const (
	unusable = -1
	nothing  = -2 // another source may have something
)

// fill sets a field of all records: of its sources the first that says something.
func (r *records) fill(field int, kind Kind, sources []source, read dateReader) {
	forms := make([][]int32, len(sources)) // by text
	for i, s := range sources {
		forms[i] = make([]int32, len(s.column.texts))
		for t, text := range s.column.texts {
			forms[i][t] = r.pools[field].form(kind, text, s.part, read)
		}
	}
	for n := range r.n {
		f := int32(nothing)
		for i := 0; i < len(sources) && f == nothing; i++ {
			if t := sources[i].column.of[n]; t >= 0 {
				f = forms[i][t]
			}
		}
		r.cells[n*r.width+field] = max(f, unusable)
	}
}

func (p *pool) form(kind Kind, text string, part func(string) string, read dateReader) int32 {
	if part != nil {
		if text = part(text); text == "" {
			return nothing
		}
	}
	f, ok := extract(kind, text, read)
	if !ok {
		return unusable
	}
	return p.add(f, kind)
}

// add gives a form its number.
func (p *pool) add(f form, kind Kind) int32 {
	key := f.text
	switch {
	case f.name != nil:
		key += "\x00" + f.name.sound + "\x00" + f.name.bones + "\x00" + f.name.words
		if f.name.arabic {
			key += "\x00"
		}
	case kind == Date:
		key += string(rune(f.also))
	case f.other != "":
		key += "\x00" + f.other
	}
	i, known := p.index[key]
	if known {
		return i
	}
	f.code = codeOf(p.codes[whole], f.text)
	if f.name != nil {
		f.also = codeOf(p.codes[part], f.name.sound)
	} else if kind == Email {
		f.also = codeOf(p.codes[part], f.other)
	}
	i = int32(len(p.forms))
	p.forms = append(p.forms, f)
	p.index[key] = i
	return i
}

func codeOf(codes map[string]int32, text string) int32 {
	c, known := codes[text]
	if !known {
		c = int32(len(codes))
		codes[text] = c
	}
	return c
}

// done forgets what is needed to add forms.
func (p *pool) done() { p.index, p.codes = nil, [aspects]map[string]int32{} }

// fillWithin sets what a field is within: equal numbers for equal texts, whatever
// their case.
func (r *records) fillWithin(cell int, column *rawColumn) {
	codes := map[string]int32{}
	of := make([]int32, len(column.texts))
	for t, text := range column.texts {
		of[t] = codeOf(codes, strings.ToLower(text))
	}
	for n := range r.n {
		c := column.of[n]
		if c >= 0 {
			c = of[c]
		}
		r.cells[n*r.width+cell] = c
	}
}
