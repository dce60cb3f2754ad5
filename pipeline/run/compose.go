package run

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path"

	"cp3/connectors/receipt"
	"cp3/pipeline"
)

// readings are the fingerprints of what each submission was understood to say.
const readings = `select submission_id, coalesce(md5(string_agg(concat_ws('|', code, severity, coalesce(sheet, ''), coalesce(cell, ''),
	coalesce(field, ''), coalesce(value, ''), args), chr(10) order by n)), '') as reading
	from submission left join issue using (submission_id) group by submission_id`

// owedAnswers are the submissions without an answer, in order of receipt, and
// those understood otherwise than when they were answered, if no later file was
// dropped under their name: its answer is there.
func (r *runner) owedAnswers(ctx context.Context) ([]string, error) {
	return column[string](ctx, r.db.Conn(), `with now as (`+readings+`)
		select submission_id from submission join now using (submission_id) left join answer using (submission_id)
		where answer.submission_id is null or answer.reading <> now.reading
			and not exists (select 1 from submission later where later.path = submission.path and later.seq > submission.seq)
		order by seq`)
}

// composeAnswer gathers what one submission's answer says, from the warehouse, and
// the status of the file by its content alone: that is what the answer's name
// says, also of a double or of a file that was replaced since.
func (r *runner) composeAnswer(ctx context.Context, id string) (_ receipt.Answer, own pipeline.Status, err error) {
	got, ok := r.receivedByID()[id]
	if !ok {
		return receipt.Answer{}, "", fmt.Errorf("the ledger does not know it")
	}
	got.At = got.At.In(r.Config.zone)
	a := receipt.Answer{Received: got, MemberName: r.reader.MemberName(got.Member)}
	for _, part := range []func(context.Context, *receipt.Answer) error{
		r.answerHeader, r.answerIssues, r.answerContributions, r.answerSamePerson, r.answerElsewhere, r.answerChanges, r.answerRepeated,
	} {
		if err := part(ctx, &a); err != nil {
			return a, "", err
		}
	}
	if a.Lang == "" {
		a.Lang = r.Config.Lang
	}
	s, _, err := scalar[string](ctx, r.db.Conn(), "select own_status from submission where submission_id = ?", id)
	return a, pipeline.Status(s), err
}

// answerHeader reads the submission's own line, and the one it relates to.
func (r *runner) answerHeader(ctx context.Context, a *receipt.Answer) error {
	h := &a.Reading.Header
	var by sql.NullString
	err := r.db.Conn().QueryRowContext(ctx, `select coalesce(structure, ''), coalesce(region, ''), coalesce(province, ''), coalesce(year, 0),
		coalesce(quarter, 0), coalesce(template, ''), coalesce(version, ''), coalesce(lang, ''), status, replaced_by, rows_read, rows_kept, rows_refused
		from submission where submission_id = ?`, a.Received.ID).Scan(&h.Structure, &h.Region, &h.Province, &h.Period.Year, &h.Period.Quarter,
		&h.Template, &h.Version, &h.Lang, &a.Status, &by, &a.Reading.RowsRead, &a.Kept, &a.Refused)
	if err != nil {
		return err
	}
	a.Reading.Member = a.Received.Member
	a.Reading.RowsKept = a.Kept
	if a.Status != pipeline.Rejected {
		// Every row read is kept, refused, or says again what another row says.
		a.Duplicates = a.Reading.RowsRead - a.Kept - a.Refused
	}
	a.Lang = h.Lang
	switch {
	case !by.Valid:
	case a.Status == pipeline.Double:
		a.DoubleOf = r.other(by.String)
	case a.Status == pipeline.Replaced:
		a.ReplacedBy = r.other(by.String)
	}
	return nil
}

func (r *runner) other(id string) *receipt.Other {
	got, ok := r.receivedByID()[id]
	if !ok {
		return nil
	}
	return &receipt.Other{Number: got.Seq, FileName: path.Base(got.Path), At: got.At.In(r.Config.zone)}
}

// answerIssues reads back the issues and the layout notes, in their order.
func (r *runner) answerIssues(ctx context.Context, a *receipt.Answer) error {
	found, err := r.db.Conn().QueryContext(ctx, `select code, severity, coalesce(sheet, ''), coalesce(cell, ''), coalesce(row, 0), coalesce(field, ''),
		coalesce(value, ''), coalesce(args, 'null') from issue where submission_id = ? order by n`, a.Received.ID)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var i pipeline.Issue
		var args string
		if err := found.Scan(&i.Code, &i.Severity, &i.Sheet, &i.Cell, &i.Row, &i.Field, &i.Value, &args); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(args), &i.Args); err != nil {
			return err
		}
		if i.Severity == noteSeverity {
			a.Reading.Moves = append(a.Reading.Moves, i)
		} else {
			a.Reading.Issues = append(a.Reading.Issues, i)
		}
	}
	return found.Err()
}

// answerSamePerson finds the rows of this file that are one person.
func (r *runner) answerSamePerson(ctx context.Context, a *receipt.Answer) error {
	found, err := r.db.Conn().QueryContext(ctx, `
		with mine as (
			select p.person_id, m.sheet, m.row, count(*) over (partition by p.person_id) as n
			from mention m join person_mention p using (mention_id)
			where m.submission_id = ?
		)
		select person_id, sheet, row from mine where n > 1
		order by min(row) over (partition by person_id), person_id, sheet, row`, a.Received.ID)
	if err != nil {
		return err
	}
	defer found.Close()
	last := ""
	for found.Next() {
		var person string
		var o pipeline.Origin
		if err := found.Scan(&person, &o.Sheet, &o.Row); err != nil {
			return err
		}
		if person != last {
			a.SamePerson = append(a.SamePerson, receipt.Same{})
			last = person
		}
		same := &a.SamePerson[len(a.SamePerson)-1]
		same.Rows = append(same.Rows, o)
	}
	return found.Err()
}

// answerElsewhere finds the rows whose person another member lists too: only
// that it is so.
func (r *runner) answerElsewhere(ctx context.Context, a *receipt.Answer) error {
	found, err := r.db.Conn().QueryContext(ctx, `
		with standing as (
			select m.mention_id, m.submission_id, m.sheet, m.row, s.member, p.person_id
			from mention m join submission s using (submission_id) join person_mention p using (mention_id)
			where s.status in ('acceptee', 'reserves')
		)
		select sheet, row from standing mine
		where submission_id = ? and exists (select 1 from standing other where other.person_id = mine.person_id and other.member <> mine.member)
		order by sheet, row`, a.Received.ID)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var o pipeline.Origin
		if err := found.Scan(&o.Sheet, &o.Row); err != nil {
			return err
		}
		a.Elsewhere = append(a.Elsewhere, o)
	}
	return found.Err()
}

// answerRepeated marks the issues that the same structure's previous period
// already had: same code, same field.
func (r *runner) answerRepeated(ctx context.Context, a *receipt.Answer) error {
	before, err := column[string](ctx, r.db.Conn(), `
		with me as (select * from submission where submission_id = ?),
		previous as (
			select s.submission_id from submission s, me
			where s.member = me.member and s.structure_key is not distinct from me.structure_key and s.template is not distinct from me.template
			  and s.year * 10 + coalesce(s.quarter, 9) < me.year * 10 + coalesce(me.quarter, 9) and s.status in ('acceptee', 'reserves')
			order by s.year desc, s.quarter desc nulls first, s.seq desc limit 1
		)
		select distinct code || '/' || coalesce(field, '') from issue where submission_id in (select submission_id from previous) and severity <> 'note'`,
		a.Received.ID)
	if err != nil {
		return err
	}
	had := map[string]bool{}
	for _, key := range before {
		had[key] = true
	}
	for n, i := range a.Reading.Issues {
		if had[i.Code+"/"+i.Field] {
			if a.Repeated == nil {
				a.Repeated = map[int]bool{}
			}
			a.Repeated[n] = true
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
