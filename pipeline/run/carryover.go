package run

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cp3/connectors"
	"cp3/connectors/template"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// Carried is what a structure's next workbook starts from: where it is, and its
// persons still in training, so that a quarter's work is adding what changed.
type Carried struct {
	Region, Province string // labels
	Rows             map[string][]template.Row
}

// CarryOver finds what a structure's earlier submissions leave for a later period.
// A person is still in training when the last enrolment there was followed by
// neither a result nor a drop-out.
func CarryOver(ctx context.Context, o Options, spec *connectors.Spec, structure string, period pipeline.Period) (Carried, error) {
	c := Carried{Rows: map[string][]template.Row{}}
	r, err := look(o)
	if err != nil {
		return c, err
	}
	if r.db, err = r.view(ctx); err != nil {
		return c, fmt.Errorf("carry over: %w", err)
	}
	if r.db == nil {
		return c, nil // nothing was received yet
	}
	defer r.db.Close()
	if err := r.place(ctx, spec.Member, structure, &c); err != nil {
		return c, fmt.Errorf("carry over: %w", err)
	}
	sheet, emission := enrolmentSheet(spec)
	if sheet == nil {
		return c, nil
	}
	trainees, err := r.trainees(ctx, spec.Member, structure, period)
	if err != nil {
		return c, fmt.Errorf("carry over: %w", err)
	}
	for _, t := range trainees {
		c.Rows[sheet.Name] = append(c.Rows[sheet.Name], t.row(sheet, emission))
	}
	return c, nil
}

// place takes the region and province of the structure's last submission.
func (r *runner) place(ctx context.Context, member pipeline.Member, structure string, c *Carried) error {
	err := r.db.Conn().QueryRowContext(ctx, `
		select coalesce(r.name_fr, ''), coalesce(p.name_fr, '')
		from submission s left join ref_region r on r.code = s.region left join ref_province p on p.code = s.province
		where s.member = ? and s.structure_key = ? and s.status in ('acceptee', 'reserves')
		order by s.seq desc limit 1`, string(member), fold.Key(structure)).Scan(&c.Region, &c.Province)
	if errors.Is(err, sql.ErrNoRows) {
		return r.unknownStructure(ctx, member, structure)
	}
	return err
}

// UnknownStructure says that nothing was ever received from a structure, though
// others of its member wrote.
type UnknownStructure struct {
	Member    pipeline.Member
	Structure string
	Known     []string
}

func (e *UnknownStructure) Error() string {
	return fmt.Sprintf("%s: nothing was received from %q yet: %s has %s", e.Member, e.Structure, e.Member, strings.Join(e.Known, ", "))
}

// unknownStructure is nil for a member that has not written at all: then it is
// its first workbook.
func (r *runner) unknownStructure(ctx context.Context, member pipeline.Member, structure string) error {
	known, err := column[string](ctx, r.db.Conn(), `select distinct structure from submission
		where member = ? and structure is not null and status in ('acceptee', 'reserves') order by structure`, string(member))
	if err != nil || len(known) == 0 {
		return err
	}
	return &UnknownStructure{member, structure, known}
}

// enrolmentSheet is the sheet whose rows stand for an enrolment, and what says so.
func enrolmentSheet(spec *connectors.Spec) (*connectors.Sheet, *connectors.Emission) {
	for i := range spec.Sheets {
		s := &spec.Sheets[i]
		if j := slices.IndexFunc(s.Services, func(e connectors.Emission) bool { return e.Service == pipeline.Enrolment }); j >= 0 {
			return s, &s.Services[j]
		}
	}
	return nil, nil
}

// trainee is a person still in training: what the typed model says of the row.
type trainee struct {
	values map[string]string // meaning -> value
	date   string            // of the enrolment, 31/12/2020; "" when not known to the day
	school string            // 2020-2021
	grant  bool
}

// trainees are the persons still in training at a structure before a period, in
// name order.
func (r *runner) trainees(ctx context.Context, member pipeline.Member, structure string, before pipeline.Period) ([]trainee, error) {
	found, err := r.db.Conn().QueryContext(ctx, `
		with standing as (
			select submission_id, seq from submission
			where member = ? and structure_key = ? and status in ('acceptee', 'reserves') and (? = 0 or year * 10 + coalesce(quarter, 9) < ?)
		),
		seen as (
			select p.person_id, mention_id, m.submission_id, t.seq, m.row, s.service, s.date, s.date_precision, s.place, s.stream, s.level, s.targeted, s.technical
			from standing t join mention m using (submission_id) join person_mention p using (mention_id) join service s using (mention_id)
		),
		enrolled as (
			select *, row_number() over (partition by person_id order by date desc nulls last, seq desc, row desc) as n
			from seen where service = 'FP_INSCRIPTION'
		),
		still as (
			select * from enrolled e
			where n = 1 and not exists (
				select 1 from seen o where o.person_id = e.person_id and o.service in ('FP_REUSSITE', 'FP_ABANDON')
				and (o.date is null or e.date is null or o.date >= e.date))
		)
		select coalesce(m.family_name, ''), coalesce(m.given_name, ''), coalesce(m.full_name, ''), m.sex,
			case m.birth_precision when 'jour' then strftime(m.birth_date, '%d/%m/%Y') when 'mois' then strftime(m.birth_date, '%m/%Y')
				when 'annee' then strftime(m.birth_date, '%Y') else '' end,
			coalesce(m.nationality, ''), coalesce(m.status, ''), coalesce(m.doc_type, ''), coalesce(m.doc_number, ''), coalesce(m.phone, ''),
			coalesce(m.email, ''), coalesce(m.locality, ''), coalesce(m.member_ref, ''),
			coalesce(e.place, ''), coalesce(e.stream, ''), coalesce(e.level, ''), coalesce(e.targeted::varchar, ''), coalesce(e.technical::varchar, ''),
			case e.date_precision when 'jour' then strftime(e.date, '%d/%m/%Y') else '' end, coalesce(year(e.date), 0), 
			case when e.date_precision in ('jour', 'mois') then month(e.date) else 0 end,
			exists (select 1 from service g where g.mention_id = e.mention_id and g.service = 'BOURSE')
		from still e join mention m using (mention_id)
		order by m.family_name, m.given_name, m.full_name, mention_id`,
		string(member), fold.Key(structure), before.Year, before.Year*10+before.Quarter)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []trainee
	for found.Next() {
		var values [18]string
		t := trainee{values: map[string]string{}}
		var year, month int
		into := make([]any, 0, 22)
		for i := range values {
			into = append(into, &values[i])
		}
		if err := found.Scan(append(into, &t.date, &year, &month, &t.grant)...); err != nil {
			return nil, err
		}
		for i, m := range traineeMeanings {
			t.values[m] = values[i]
		}
		t.school = schoolYear(year, month)
		all = append(all, t)
	}
	return all, found.Err()
}

// traineeMeanings are the meanings of the columns trainees reads, in its order.
var traineeMeanings = [18]string{"family_name", "given_name", "full_name", "sex", "birth_date", "nationality", "status", "doc_type", "doc_number",
	"phone", "email", "locality", connectors.MeansMemberRef, connectors.MeansPlace, connectors.MeansStream, connectors.MeansLevel,
	connectors.MeansTargeted, connectors.MeansTechnical}

// schoolYearStarts is the month a school year starts in.
const schoolYearStarts = 9

// schoolYear is the school year a month falls in; of a year alone (month 0), the
// one that starts in it.
func schoolYear(year, month int) string {
	if year == 0 {
		return ""
	}
	if month > 0 && month < schoolYearStarts {
		year--
	}
	return strconv.Itoa(year) + "-" + strconv.Itoa(year+1)
}

// row writes the trainee under the sheet's fields.
func (t trainee) row(s *connectors.Sheet, enrolment *connectors.Emission) template.Row {
	row := template.Row{}
	for i := range s.Fields {
		f := &s.Fields[i]
		switch value := t.values[f.Meaning()]; {
		case f.Type == connectors.SchoolYear:
			row[f.Name] = t.school
		case slices.Contains(enrolment.Date, f.Name):
			row[f.Name] = t.date
		case f.Type == connectors.YesNo && value != "":
			row[f.Name] = map[string]string{"true": "oui", "false": "non"}[value]
		case grantField(s, f) && t.grant:
			row[f.Name] = "oui"
		case value != "" && value != string(pipeline.NotDeclared):
			row[f.Name] = value
		}
	}
	return row
}

// grantField reports whether a field is the one that says that a grant was given.
func grantField(s *connectors.Sheet, f *connectors.Field) bool {
	for _, e := range s.Services {
		if _, ok := e.When[f.Name]; ok && e.Service == pipeline.Grant && f.Type == connectors.YesNo {
			return true
		}
	}
	return false
}
