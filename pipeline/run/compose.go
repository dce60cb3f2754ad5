package run

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"

	"cp3/connectors/receipt"
	"cp3/pipeline"
)

// layReadings lists the fingerprints of what each submission of some was understood to
// say: of those without an answer, when only these are asked for.
func (r *runner) layReadings(ctx context.Context, unanswered bool) error {
	where := ""
	if unanswered {
		where = " where submission_id not in (select submission_id from answer)"
	}
	return r.db.Exec(ctx, `create or replace temp table understood as
		select submission_id, coalesce(md5(string_agg(concat_ws('|', code, severity, coalesce(sheet, ''), coalesce(cell, ''),
		coalesce(field, ''), coalesce(value, ''), args), chr(10) order by n)), '') as reading
		from (select submission_id from submission`+where+`) left join issue using (submission_id) group by submission_id`)
}

// owedAnswers are the submissions without an answer, in order of receipt, and
// those understood otherwise than when they were answered, if no later file was
// dropped under their name: its answer is there. There are none of the latter since
// all were answered, while nothing was read again.
func (r *runner) owedAnswers(ctx context.Context) ([]string, error) {
	asRead, err := r.answeredAsRead(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.layReadings(ctx, asRead); err != nil {
		return nil, err
	}
	return column[string](ctx, r.db.Conn(), `
		select submission_id from submission join understood now using (submission_id) left join answer using (submission_id)
		where answer.submission_id is null or answer.reading <> now.reading
			and not exists (select 1 from submission later where later.path = submission.path and later.seq > submission.seq)
		order by seq`)
}

// answeredAsRead reports whether every answer that is out says what its submission was
// last understood to say.
func (r *runner) answeredAsRead(ctx context.Context) (bool, error) {
	asRead, _, err := scalar[bool](ctx, r.db.Conn(), "select count(*) > 0 from durable where key = 'answered_as_read'")
	return asRead, err
}

// answers are some answers being composed, all with the same few queries: one
// asked anew for each answer would read the whole warehouse each time.
type answers struct {
	ids []string
	of  map[string]*receipt.Answer
	own map[string]pipeline.Status // what the answer's name says: see composeAnswers
}

// composeAnswers gathers what some submissions' answers say, from the warehouse,
// and the status of each file by its content alone: that is what the answer's name
// says, also of a double or of a file that was replaced since.
func (r *runner) composeAnswers(ctx context.Context, ids []string) (*answers, error) {
	as := &answers{ids: ids, of: map[string]*receipt.Answer{}, own: map[string]pipeline.Status{}}
	for _, id := range ids {
		got, ok := r.receivedByID()[id]
		if !ok {
			return nil, fmt.Errorf("the ledger does not know submission %s", id)
		}
		got.At = got.At.In(r.Config.zone)
		as.of[id] = &receipt.Answer{Received: got, MemberName: r.reader.MemberName(got.Member)}
	}
	if err := r.layIDs(ctx, "answering", ids); err != nil {
		return nil, err
	}
	for _, part := range []func(context.Context, *answers) error{
		r.answerHeaders, r.answerIssues, r.answerContributions, r.answerBridge, r.answerSamePerson, r.answerElsewhere, r.answerChanges, r.answerRepeated,
	} {
		if err := part(ctx, as); err != nil {
			return nil, fmt.Errorf("compose answers: %w", err)
		}
	}
	for _, a := range as.of {
		if a.Lang == "" {
			a.Lang = r.Config.Lang
		}
	}
	return as, nil
}

// rows visits what a query of the warehouse gives. The first column is always the
// submission's id; scan reads it with the others.
func (r *runner) rows(ctx context.Context, visit func(scan func(...any) error) error, query string, args ...any) error {
	found, err := r.db.Conn().QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := visit(found.Scan); err != nil {
			return err
		}
	}
	return found.Err()
}

// answerHeaders reads the submissions' own lines, and those they relate to.
func (r *runner) answerHeaders(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) error {
		var id string
		var own, status pipeline.Status
		var by sql.NullString
		var h pipeline.Header
		var read, kept, refused int
		if err := scan(&id, &h.Structure, &h.Region, &h.Province, &h.Period.Year, &h.Period.Quarter, &h.Template, &h.Version, &h.Lang,
			&own, &status, &by, &read, &kept, &refused); err != nil {
			return err
		}
		a := as.of[id]
		as.own[id] = own
		a.Reading = pipeline.Reading{Member: a.Received.Member, Header: h, RowsRead: read, RowsKept: kept}
		a.Status, a.Kept, a.Refused, a.Lang = status, kept, refused, h.Lang
		if a.Status != pipeline.Rejected {
			// Every row read is kept, refused, or says again what another row says.
			a.Duplicates = read - kept - refused
		}
		switch {
		case !by.Valid:
		case a.Status == pipeline.Double:
			a.DoubleOf = r.other(by.String)
		case a.Status == pipeline.Replaced:
			a.ReplacedBy = r.other(by.String)
		}
		return nil
	}, `select submission_id, coalesce(structure, ''), coalesce(region, ''), coalesce(province, ''), coalesce(year, 0), coalesce(quarter, 0),
		coalesce(template, ''), coalesce(version, ''), coalesce(lang, ''), own_status, status, replaced_by, rows_read, rows_kept, rows_refused
		from submission semi join answering using (submission_id)`)
}

func (r *runner) other(id string) *receipt.Other {
	got, ok := r.receivedByID()[id]
	if !ok {
		return nil
	}
	return &receipt.Other{Number: got.Seq, FileName: path.Base(got.Path), At: got.At.In(r.Config.zone)}
}

// answerIssues reads back the issues and the layout notes, in their order.
func (r *runner) answerIssues(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) (err error) {
		var i pipeline.Issue
		var id, args string
		if err := scan(&id, &i.Code, &i.Severity, &i.Sheet, &i.Cell, &i.Row, &i.Field, &i.Value, &args); err != nil {
			return err
		}
		if i.Args, err = arguments(args); err != nil {
			return err
		}
		said := &as.of[id].Reading
		if i.Severity == noteSeverity {
			said.Moves = append(said.Moves, i)
		} else {
			said.Issues = append(said.Issues, i)
		}
		return nil
	}, `select submission_id, code, severity, coalesce(sheet, ''), coalesce(cell, ''), coalesce(row, 0), coalesce(field, ''),
		coalesce(value, ''), coalesce(args, 'null') from issue semi join answering using (submission_id) order by submission_id, n`)
}

// arguments reads the values of an issue's text. There are as many as issues, and
// hardly one of them needs more of JSON than quotes.
func arguments(text string) (args map[string]string, err error) {
	parts := strings.Split(text, `"`)
	plain := parts[0] == "{" && parts[len(parts)-1] == "}" && len(parts)%4 == 1 && !strings.Contains(text, `\`)
	args = make(map[string]string, len(parts)/4)
	for i := 0; i+4 < len(parts) && plain; i += 4 {
		plain = parts[i+2] == ":" && (i == 0 || parts[i] == ",")
		args[parts[i+1]] = parts[i+3]
	}
	if !plain {
		args = nil
		err = json.Unmarshal([]byte(text), &args)
	}
	return args, err
}

// answerSamePerson finds the rows of a file that are one person.
func (r *runner) answerSamePerson(ctx context.Context, as *answers) error {
	last := ""
	return r.rows(ctx, func(scan func(...any) error) error {
		var id, person string
		var o pipeline.Origin
		if err := scan(&id, &person, &o.Sheet, &o.Row); err != nil {
			return err
		}
		a := as.of[id]
		if id+person != last {
			a.SamePerson = append(a.SamePerson, receipt.Same{})
			last = id + person
		}
		same := &a.SamePerson[len(a.SamePerson)-1]
		same.Rows = append(same.Rows, o)
		return nil
	}, `with mine as (
			select m.submission_id, p.person_id, m.sheet, m.row, count(*) over (partition by m.submission_id, p.person_id) as n
			from mention m semi join answering using (submission_id) join person_mention p using (mention_id)
		)
		select submission_id, person_id, sheet, row from mine where n > 1
		order by submission_id, min({'row': row, 'sheet': sheet}) over (partition by submission_id, person_id), sheet, row`)
}

// answerElsewhere finds the rows whose person another member lists too, as many as
// the page names: only that it is so.
func (r *runner) answerElsewhere(ctx context.Context, as *answers) error {
	return r.rows(ctx, func(scan func(...any) error) error {
		var id string
		var n int
		var o pipeline.Origin
		if err := scan(&id, &n, &o.Sheet, &o.Row); err != nil {
			return err
		}
		a := as.of[id]
		a.ElsewhereRows, a.Elsewhere = n, append(a.Elsewhere, o)
		return nil
	}, `with found as (
			select m.submission_id, count(*) as n, min({'sheet': m.sheet, 'row': m.row}, `+strconv.Itoa(receipt.RowsListed)+`) as rows
			from mention m semi join answering using (submission_id) join submission s using (submission_id) join person_mention p using (mention_id)
				semi join shared_person using (person_id)
			where s.status in ('acceptee', 'reserves')
			group by m.submission_id
		)
		select submission_id, n, r.sheet, r.row from (select submission_id, n, unnest(rows) as r from found)
		order by submission_id, r.sheet, r.row`)
}

// laySharedPersons lists the persons of some submissions that several members list: see
// answerElsewhere.
func (r *runner) laySharedPersons(ctx context.Context, ids []string) error {
	if err := r.layIDs(ctx, "answering", ids); err != nil {
		return err
	}
	return r.db.Exec(ctx, `create or replace temp table shared_person as
		with asked as (
			select distinct person_id from person_mention join mention using (mention_id) semi join answering using (submission_id)
		)
		select p.person_id from person_mention p semi join asked using (person_id) join mention m using (mention_id) join submission s using (submission_id)
		where s.status in ('acceptee', 'reserves')
		group by p.person_id having count(distinct s.member) > 1`)
}

// answerRepeated marks the issues that the same structure's previous period
// already had: same code, same field.
func (r *runner) answerRepeated(ctx context.Context, as *answers) error {
	had := map[string]bool{}
	err := r.rows(ctx, func(scan func(...any) error) error {
		var id, key string
		if err := scan(&id, &key); err != nil {
			return err
		}
		had[id+key] = true
		return nil
	}, `with me as (select * from submission semi join answering using (submission_id)),
		earlier as (
			select me.submission_id, s.submission_id as before,
				row_number() over (partition by me.submission_id order by s.year desc, s.quarter desc nulls first, s.seq desc) as back
			from me join submission s on s.member = me.member and s.structure_key is not distinct from me.structure_key
				and s.template is not distinct from me.template
			where s.year * 10 + coalesce(s.quarter, 9) < me.year * 10 + coalesce(me.quarter, 9) and s.status in ('acceptee', 'reserves')
		)
		select distinct e.submission_id, i.code || '/' || coalesce(i.field, '')
		from earlier e join issue i on i.submission_id = e.before where e.back = 1 and i.severity <> 'note'`)
	if err != nil {
		return err
	}
	for id, a := range as.of {
		for n, i := range a.Reading.Issues {
			if had[id+i.Code+"/"+i.Field] {
				if a.Repeated == nil {
					a.Repeated = map[int]bool{}
				}
				a.Repeated[n] = true
			}
		}
	}
	return nil
}

// receivedByID indexes the ledger's submissions.
func (r *runner) receivedByID() map[string]pipeline.Received {
	if len(r.byID) != len(r.received) {
		r.byID = make(map[string]pipeline.Received, len(r.received))
		for _, got := range r.received {
			r.byID[got.ID] = got
		}
	}
	return r.byID
}

// column reads a query of one column.
func column[T any](ctx context.Context, db querier, query string, args ...any) ([]T, error) {
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var out []T
	for found.Next() {
		var v T
		if err := found.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, found.Err()
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// scalar reads one value; ok is false when there is none.
func scalar[T any](ctx context.Context, db querier, query string, args ...any) (v T, ok bool, err error) {
	all, err := column[sql.Null[T]](ctx, db, query, args...)
	if err != nil || len(all) == 0 || !all[0].Valid {
		return v, false, err
	}
	return all[0].V, true, nil
}
