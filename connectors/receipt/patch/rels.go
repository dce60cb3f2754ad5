package patch

import (
	"fmt"
	"path"
	"strings"
)

// relations are the relationships of one part.
type relations struct {
	pack *pack
	part string // whose they are; "" for the package's own
	list []relation
}

type relation struct {
	id, kind, target string // target: a part's name, or as written when external
}

func relsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}

func relsName(part string) string {
	if part == "" {
		return "_rels/.rels"
	}
	return relsOf(part)
}

// relations reads the relationships of a part; none when it has no such part.
func (p *pack) relations(part string) (*relations, error) {
	r := &relations{pack: p, part: part}
	if !p.has(relsName(part)) {
		return r, nil
	}
	d, err := r.document()
	if err != nil {
		return nil, err
	}
	for _, n := range d.root.children {
		rel := relation{id: d.attr(n, "Id"), kind: d.attr(n, "Type"), target: d.attr(n, "Target")}
		if d.attr(n, "TargetMode") != "External" {
			rel.target = resolve(part, rel.target)
		}
		r.list = append(r.list, rel)
	}
	return r, nil
}

func (r *relations) document() (*document, error) {
	name := relsName(r.part)
	text, err := r.pack.read(name)
	if err != nil {
		return nil, err
	}
	d, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

func (r *relations) byID(id string) (relation, bool) {
	for _, rel := range r.list {
		if rel.id == id {
			return rel, true
		}
	}
	return relation{}, false
}

// byKind is the first relationship whose type ends in kind: "/comments".
func (r *relations) byKind(kind string) (relation, bool) {
	for _, rel := range r.list {
		if strings.HasSuffix(rel.kind, kind) {
			return rel, true
		}
	}
	return relation{}, false
}

// add makes a relationship to a part and returns its id.
func (r *relations) add(kind, target string) (string, error) {
	name := relsName(r.part)
	if !r.pack.has(name) {
		r.pack.add(name, []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
			`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`))
	}
	d, err := r.document()
	if err != nil {
		return "", err
	}
	id := ""
	for i := 1; id == ""; i++ {
		id = fmt.Sprintf("rIdCp3%d", i)
		if _, taken := r.byID(id); taken {
			id = ""
		}
	}
	element := qualify(`<Relationship Id="`+id+`" Type="`+kind+`" Target="/`+escape(target)+`"/>`, d.prefix())
	if d.root.empty {
		d.replaceInner(d.root, element)
	} else {
		d.insert(d.root.close, element)
	}
	r.pack.set(name, d.bytes())
	r.list = append(r.list, relation{id, kind, target})
	return id, nil
}

// drop removes the relationship of that id.
func (r *relations) drop(id string) error {
	d, err := r.document()
	if err != nil {
		return err
	}
	for _, n := range d.root.children {
		if d.attr(n, "Id") == id {
			d.replace(n, "")
		}
	}
	r.pack.set(relsName(r.part), d.bytes())
	for i, rel := range r.list {
		if rel.id == id {
			r.list = append(r.list[:i:i], r.list[i+1:]...)
			break
		}
	}
	return nil
}
