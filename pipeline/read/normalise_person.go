package read

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
)

// person makes a mention of the row's person, and the services the row declares.
func (l *listReading) person() bool {
	m := l.mention()
	if m.FamilyName == "" && m.GivenName == "" && m.FullName == "" {
		l.fail("row.no_name", &l.row.table.Columns[l.nameColumn()])
		return false
	}
	if l.duplicate(l.personKey(m)) {
		return false
	}
	l.dates(m.BirthDate)
	services := l.services()
	l.out.Records.Mentions = append(l.out.Records.Mentions, m)
	l.out.Records.Services = append(l.out.Records.Services, services...)
	return true
}

func (l *listReading) mention() pipeline.Mention {
	m := pipeline.Mention{
		Origin:      l.row.Origin,
		FamilyName:  l.says(familyName).Text,
		GivenName:   l.says(givenName).Text,
		FullName:    l.says(fullName).Text,
		Sex:         pipeline.NotDeclared,
		BirthDate:   l.says(birthDate).Date,
		Nationality: l.says(nationality).Code,
		Status:      l.says(status).Code,
		DocType:     l.says(docType).Code,
		DocNumber:   l.says(docNumber).Text,
		Phone:       l.says(phone).Text,
		Email:       l.says(email).Text,
		MemberRef:   l.says(memberRef).Text,
	}
	if s := pipeline.Sex(l.says(sex).Code); s == pipeline.Women || s == pipeline.Men {
		m.Sex = s
	}
	home := l.says(locality)
	m.Locality, m.Province, m.Region = home.Text, home.Attrs["province"], home.Attrs["region"]
	if m.FamilyName != "" || m.GivenName != "" {
		m.FullName = "" // the parts say more
	}
	return m
}

// services are those the row stands for.
func (l *listReading) services() []pipeline.ServiceRecord {
	out := l.row.services[:0]
	for _, e := range l.row.table.emissions(l.spec) {
		if !l.holds(e.when) {
			continue
		}
		s := l.given()
		s.Service = e.Service
		s.Date = l.serviceDate(e.Emission)
		s.Toward = l.toward(e.Toward)
		out = append(out, s)
	}
	l.row.services = out
	return out
}

// given is a service with what all those of the row share: where it was given,
// and what it was.
func (l *listReading) given() pipeline.ServiceRecord {
	s := pipeline.ServiceRecord{Origin: l.row.Origin, Region: l.home.region, Province: l.home.province, Count: 1}
	at := l.says(servicePlace)
	attrs := at.Attrs
	switch {
	case at.Text != "":
		s.Place = at.Text
		if p := attrs["province"]; p != "" {
			s.Province, s.Region = p, regionOf(p)
		}
	case l.home.name != "":
		s.Place, attrs = l.home.name, l.home.attrs
	}
	course := l.says(stream)
	s.Stream = course.Text
	s.Level = l.says(level).Text
	s.Targeted = yes(l.says(targeted).Code, attrs["targeted"])
	s.Pilot = yes(l.says(pilot).Code, attrs["pilot"])
	s.Technical = yes(l.says(technical).Code, course.Attrs["technical"])
	return s
}

// yes is the first of some codes "oui" and "non" that says something.
func yes(codes ...string) *bool {
	for _, c := range codes {
		switch c {
		case "oui":
			v := true
			return &v
		case "non":
			v := false
			return &v
		}
	}
	return nil
}

// holds reports whether every condition does.
func (l *listReading) holds(when []condition) bool {
	for _, c := range when {
		v := &l.row.values[c.at]
		switch {
		case v.Refused || !v.Present:
			return false
		case slices.Contains(c.codes, "*"):
		case !slices.Contains(c.codes, v.Code):
			return false
		}
	}
	return true
}

// serviceDate is the first of the fields that may date a service which does. A
// service nobody dated is kept, with a warning: it counts in no year.
func (l *listReading) serviceDate(e *connectors.Emission) pipeline.Date {
	for _, name := range e.Date {
		base, end := strings.CutSuffix(name, ".end")
		v := l.value(base)
		d := v.Date
		if d.IsZero() && v.Number > 0 {
			d = pipeline.Date{Year: int(v.Number)}
		}
		switch {
		case d.IsZero():
			continue
		case end:
			d = pipeline.Date{Year: d.Year + 1}
			l.ends[d.Year] = true
		}
		return d
	}
	l.undated(e)
	return pipeline.Date{}
}

// undated warns at the empty date of a service that the row otherwise declares,
// unless the date was refused, which was said at its cell. Without any column for
// the date, the sheet is told once.
func (l *listReading) undated(e *connectors.Emission) {
	base, _ := strings.CutSuffix(e.Date[0], ".end")
	f := l.spec.Field(base)
	label := f.Label.In(l.out.Lang)
	i, ok := l.row.table.field[base]
	switch {
	case l.value(base).Refused, !ok && (f.Required || l.undatedSaid[base]):
	case !ok:
		l.undatedSaid[base] = true
		l.issue("column.undated", pipeline.Warning, l.sheet.Name, l.headerCell(l.row.table.Table), label, "", "because", l.because(e))
	default:
		c := &l.row.table.Columns[i]
		l.issue("service.undated", pipeline.Warning, l.sheet.Name, pipeline.Ref(c.Col, l.row.Row), c.Title, "", "because", l.because(e))
	}
}

// because is the value that declares a service: « Résultat : Admis ».
func (l *listReading) because(e *connectors.Emission) string {
	var said []string
	for i := range l.spec.Fields {
		f := &l.spec.Fields[i]
		if _, ok := e.When[f.Name]; !ok {
			continue
		}
		if v := l.value(f.Name); v.Present {
			said = append(said, f.Label.In(l.out.Lang)+" : "+v.Text)
		}
	}
	return strings.Join(said, ", ")
}

func firstCell(cells []pipeline.Cell) int {
	for _, c := range cells {
		if !c.IsBlank() {
			return c.Col
		}
	}
	return 1
}

// toward is the member a referral is made to.
func (l *listReading) toward(rule string) pipeline.Member {
	field, ok := strings.CutPrefix(rule, "field:")
	if !ok {
		return pipeline.Member(rule)
	}
	return pipeline.Member(l.value(field).Attrs["member"])
}

// nameColumn is where a missing name is pointed at.
func (l *listReading) nameColumn() int {
	for _, m := range []string{"family_name", "full_name", "given_name"} {
		if at := l.row.table.meaning[m]; len(at) > 0 {
			return at[0]
		}
	}
	return 0
}

// title is the header of a field's column, or its label.
func (l *listReading) title(field string) string {
	if i, ok := l.row.table.field[field]; ok {
		return l.row.table.Columns[i].Title
	}
	if f := l.spec.Field(field); f != nil {
		return f.Label.In(l.out.Lang)
	}
	return field
}
