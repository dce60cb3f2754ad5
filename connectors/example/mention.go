package example

import (
	"strings"

	"cp3/pipeline"
)

// mention writes a person's identity as a hand would: the values by field name.
// At most one thing goes wrong with the names and at most one with the rest, and
// the person's clue is always there, so that a careful human could still tell.
func (h hand) mention(p *Person, d *draw) map[string]value {
	m := map[string]value{
		"sex":         h.sexOf(p),
		"birth_date":  h.birthOf(p, d),
		"nationality": h.nationOf(p),
		"status":      h.statusOf(p),
		"phone":       h.phoneOf(p),
		"locality":    h.cityOf(p),
	}
	h.names(m, p, d)
	h.papers(m, p, d)
	if p.Clue == ByDocument && !p.special && d.chance(12) {
		m["phone"] = nothing(d, h.marks)
	}
	if d.chance(5) {
		m["locality"] = nothing(d, h.marks)
	}
	return m
}

// names writes family, given and full name.
func (h hand) names(m map[string]value, p *Person, d *draw) {
	family, given := p.Family.String(), p.Given.String()
	if h.arabic && p.Family.Arabic != "" && p.Given.Arabic != "" && p.Clue == ByDocument {
		m["family_name"], m["given_name"] = h.odd(d, str(p.Family.Arabic)), h.odd(d, str(p.Given.Arabic))
		m["full_name"] = str(p.Family.Arabic + " " + p.Given.Arabic)
		return
	}
	swapped, doubled := false, false
	if d.chance(h.respell) {
		switch d.weighted([]int{36, 30, 12, 22}) {
		case 0:
			family = p.Family.other(d)
		case 1:
			given = p.Given.other(d)
		case 2:
			swapped = !p.special
		default:
			doubled = true
		}
	}
	f, g := h.letters(family, true), h.letters(given, false)
	if swapped {
		f, g = g, f
	}
	if doubled {
		g.text = " " + strings.ReplaceAll(g.text, " ", "  ") + " "
		f.text = strings.ReplaceAll(f.text, "-", "  ")
		f.text += "  "
		g.habits = append(g.habits, DoubleSpaces)
	}
	full := f
	full.text, full.habits = strings.TrimSpace(f.text)+" "+strings.TrimLeft(g.text, " "), append(append([]Habit{}, f.habits...), g.habits...)
	if doubled {
		full.text = strings.TrimSpace(f.text) + "  " + strings.TrimSpace(g.text)
	}
	m["family_name"], m["given_name"], m["full_name"] = h.odd(d, f), h.odd(d, g), h.odd(d, full)
}

// birthOf writes the birth date, whole when it is the person's clue; else now
// and then the year alone, or 1 January as some systems put for it.
func (h hand) birthOf(p *Person, d *draw) value {
	style := h.births
	if p.Clue == ByBirth || !d.chance(h.respell) {
		return written(p.Birth, style)
	}
	switch d.weighted([]int{50, 30, 20}) {
	case 0:
		return written(pipeline.Date{Year: p.Birth.Year}, style)
	case 1:
		v := written(pipeline.Date{Year: p.Birth.Year, Month: 1, Day: 1}, style)
		v.habits = append(v.habits, DefaultDates)
		return v
	}
	if p.special {
		return written(p.Birth, style)
	}
	return nothing(d, h.marks)
}

// papers writes the document; who is known by it never lacks it.
func (h hand) papers(m map[string]value, p *Person, d *draw) {
	if p.DocType == "" || p.Clue == ByBirth && d.chance(25) {
		m["doc_type"], m["doc_number"] = nothing(d, h.marks), nothing(d, h.marks)
		return
	}
	t := docTexts[p.DocType]
	switch {
	case h.arabic:
		m["doc_type"] = str(t[2])
	case h.capitals == allCapitals || h.capitals == noCapitals:
		m["doc_type"] = str(t[1])
	default:
		m["doc_type"] = str(t[0])
	}
	number := p.DocNumber
	switch d.weighted([]int{80, 8, 8, 4}) {
	case 1:
		number = strings.ToLower(number)
	case 2:
		number = number[:2] + " " + number[2:]
	case 3:
		number = number + " "
	}
	m["doc_number"] = str(number)
}
