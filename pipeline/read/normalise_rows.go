package read

import (
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/transforms/normalise"
)

// company makes a company approached.
func (l *listReading) company() bool {
	at := l.meaning("locality")
	c := pipeline.CompanyRecord{
		Origin: l.row.Origin, Name: l.meaning("company_name").Text, ICE: l.meaning("ice").Text, Date: l.meaning("approach_date").Date,
		By: l.meaning("approached_by").Code, Locality: at.Text, Province: at.Attrs["province"], Region: at.Attrs["region"],
		AskedContract:  yes(l.meaning("asked_contract").Code),
		RecruitedWomen: whole(l.meaning("recruited_women")), RecruitedMen: whole(l.meaning("recruited_men")),
	}
	if c.By == "" {
		c.By = l.meaning("approached_by").Text
	}
	if c.Region == "" {
		c.Province, c.Region = l.home.province, l.home.region
	}
	if l.duplicate(strings.Join([]string{fold.Key(c.Name), c.ICE, c.Date.String(), c.By, fold.Key(c.Locality)}, "\x00")) {
		return false
	}
	l.dates(pipeline.Date{})
	l.out.Records.Companies = append(l.out.Records.Companies, c)
	return true
}

// session makes a training session of the committee's members.
func (l *listReading) session() bool {
	s := pipeline.SessionRecord{
		Origin: l.row.Origin, Theme: l.meaning("theme").Text, Date: l.meaning("session_date").Date, Region: l.home.region,
		Institutions: l.meaning("institutions").Codes,
		Women:        whole(l.meaning("women")), Men: whole(l.meaning("men")),
		PreTest: real(l.meaning("pre_test")), PostTest: real(l.meaning("post_test")),
		Respondents: whole(l.meaning("respondents")), Satisfied: whole(l.meaning("satisfied")),
	}
	if l.duplicate(l.everything()) {
		return false
	}
	l.dates(pipeline.Date{})
	if s.Respondents != nil && s.Satisfied != nil && *s.Satisfied > *s.Respondents {
		l.warnField("session.satisfied_over_respondents", "satisfied", "respondents", strconv.Itoa(*s.Respondents))
	}
	if n, ok := sum(s.Women, s.Men); ok && s.Respondents != nil && *s.Respondents > n {
		l.warnField("session.respondents_over_participants", "respondents", "participants", strconv.Itoa(n))
	}
	l.out.Records.Sessions = append(l.out.Records.Sessions, s)
	return true
}

// everything is all a row says, for rows that are only repeated when nothing
// differs.
func (l *listReading) everything() string {
	var b strings.Builder
	for i := range l.spec.Fields {
		if v := l.value(l.spec.Fields[i].Name); v.Text != "" {
			b.WriteString(l.spec.Fields[i].Name + "\x00" + fold.Key(v.Text) + "\x00")
		}
	}
	return b.String()
}

// warnField warns at the cell of the field that means m.
func (l *listReading) warnField(code, m string, args ...string) {
	for _, i := range l.row.table.meaning[m] {
		c := &l.row.table.Columns[i]
		l.warn(code, l.row.Row, c.Col, c.Title, args...)
		return
	}
}

func whole(v normalise.Value) *int {
	if !v.Present || v.Refused {
		return nil
	}
	n := int(v.Number)
	return &n
}

func real(v normalise.Value) *float64 {
	if !v.Present || v.Refused {
		return nil
	}
	return &v.Number
}

// sum adds two counts when both are there.
func sum(a, b *int) (int, bool) {
	if a == nil || b == nil {
		return 0, false
	}
	return *a + *b, true
}

// cover says which topics the sheet's rows speak of over the file's period, so
// that finding nothing is a zero and not a silence. What decides must have been
// filled on some row: an empty column says nothing.
func (l *listReading) cover() {
	p := l.out.Period
	if p.IsZero() || l.tally.Kept == 0 {
		return
	}
	switch l.spec.Row {
	case connectors.PersonRow:
		for i := range l.spec.Services {
			l.coverService(&l.spec.Services[i])
		}
	case connectors.CompanyRow:
		if l.filled["asked_contract"] {
			l.covered("companies.asked", p)
		}
		if l.filled["recruited_women"] || l.filled["recruited_men"] {
			l.covered("companies.recruited", p)
		}
	case connectors.MeetingRow:
		l.covered("meetings", p)
	case connectors.SessionRow:
		l.covered("sessions", p)
	}
}

// coverService covers a service when the fields that decide it were filled. One
// dated by the end of a school year is covered for the years those end in.
func (l *listReading) coverService(e *connectors.Emission) {
	for name := range e.When {
		if !l.filled[name] {
			return
		}
	}
	_, end := strings.CutSuffix(e.Date[0], ".end")
	if !end {
		l.covered(string(e.Service), l.out.Period)
		return
	}
	first, last := 0, 0
	for y := range l.ends {
		if first == 0 || y < first {
			first = y
		}
		last = max(last, y)
	}
	for y := first; y <= last && y > 0; y++ {
		l.covered(string(e.Service), pipeline.Period{Year: y})
	}
}

func (l *listReading) covered(topic string, p pipeline.Period) {
	l.out.Records.Coverage = append(l.out.Records.Coverage, pipeline.Coverage{Topic: topic, Period: p, Region: l.out.Region, Sheet: l.sheet.Name})
}
