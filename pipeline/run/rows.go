package run

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/store"
)

// rows collects what readings say, table by table, in the column order of
// sql/schema/0001_create.sql, until flush hands them to DuckDB in batches.
type rows struct {
	tables map[string][][]driver.Value
	n      int
}

// tableOrder is fixed so that a flush always does the same things in the same
// order.
var tableOrder = []string{"submission", "mention", "service", "company", "attendance", "session", "declared", "coverage",
	"issue", "account", "sheet_tally"}

func (r *rows) add(table string, values ...driver.Value) {
	if r.tables == nil {
		r.tables = map[string][][]driver.Value{}
	}
	r.tables[table] = append(r.tables[table], values)
	r.n++
}

func (r *rows) flush(ctx context.Context, db *store.DB) error {
	for _, table := range tableOrder {
		if len(r.tables[table]) == 0 {
			continue
		}
		if _, err := db.Append(ctx, table, nil, slices.Values(r.tables[table])); err != nil {
			return err
		}
	}
	return nil
}

// loader flushes rows in a goroutine of its own, one batch at a time, in order. Nobody
// else uses the database until wait returns.
type loader struct {
	db   *store.DB
	done chan error // of the batch being flushed; nil when there is none
}

// start begins to flush what was collected, once the batch before is in, and leaves
// r empty.
func (l *loader) start(ctx context.Context, r *rows) error {
	if err := l.wait(); err != nil {
		return err
	}
	batch, done := *r, make(chan error, 1)
	*r, l.done = rows{}, done
	go func() { done <- batch.flush(ctx, l.db) }()
	return nil
}

// wait waits for the batch being flushed.
func (l *loader) wait() error {
	if l.done == nil {
		return nil
	}
	err := <-l.done
	l.done = nil
	return err
}

// reading adds everything one submission says.
func (r *rows) reading(id string, reading pipeline.Reading) error {
	r.records(id, reading.Records)
	n := 0
	for _, group := range []struct {
		issues []pipeline.Issue
		note   bool
	}{{reading.Issues, false}, {reading.Moves, true}} {
		for _, i := range group.issues {
			severity := string(i.Severity)
			if group.note {
				severity = noteSeverity
			}
			args, err := json.Marshal(i.Args)
			if err != nil {
				return fmt.Errorf("issue arguments: %w", err)
			}
			r.add("issue", id, int32(n), i.Code, severity, text(i.Sheet), text(i.Cell), number(i.Row), text(i.Field), text(i.Value), string(args))
			n++
		}
	}
	for _, u := range reading.Account {
		r.add("account", id, u.Sheet, u.Range.String(), text(u.Field), string(u.Outcome), text(u.Reason))
	}
	for _, t := range reading.Sheets {
		r.add("sheet_tally", id, t.Sheet, int32(t.Read), int32(t.Kept), int32(t.Refused))
	}
	return nil
}

// noteSeverity marks, in the issue table, what the reader guessed about the
// layout: shown in the answer, never counted nor published.
const noteSeverity = "note"

func (r *rows) records(id string, rec pipeline.Records) {
	for _, m := range rec.Mentions {
		r.add("mention", id, m.Sheet, int32(m.Row), mentionID(id, m.Origin), text(m.FamilyName), text(m.GivenName), text(m.FullName),
			string(m.Sex), date(m.BirthDate), text(string(m.BirthDate.Precision())), text(m.Nationality), text(m.Status), text(m.DocType),
			text(m.DocNumber), text(m.Phone), text(m.Email), text(m.Locality), text(m.Province), text(m.Region), text(m.MemberRef))
	}
	for _, s := range rec.Services {
		r.add("service", id, s.Sheet, int32(s.Row), mentionID(id, s.Origin), string(s.Service), date(s.Date), text(string(s.Date.Precision())),
			text(s.Region), text(s.Province), text(s.Place), said(s.Targeted), said(s.Pilot), said(s.Technical), text(s.Stream),
			text(s.Level), text(string(s.Toward)), int32(max(s.Count, 1)))
	}
	for _, c := range rec.Companies {
		r.add("company", id, c.Sheet, int32(c.Row), text(c.Name), text(fold.Key(c.Name)), text(c.ICE), text(c.Locality), text(c.Province),
			text(c.Region), date(c.Date), text(string(c.Date.Precision())), text(c.By), said(c.AskedContract), count(c.RecruitedWomen), count(c.RecruitedMen))
	}
	for _, a := range rec.Attendance {
		r.add("attendance", id, a.Sheet, int32(a.Row), date(a.Date), text(a.Region), a.Institution, int32(a.Women), int32(a.Men), int32(a.Undeclared))
	}
	for _, s := range rec.Sessions {
		r.add("session", id, s.Sheet, int32(s.Row), text(s.Theme), date(s.Date), text(s.Region), texts(s.Institutions),
			count(s.Women), count(s.Men), said(s.PreTest), said(s.PostTest), count(s.Respondents), count(s.Satisfied))
	}
	for _, d := range rec.Declared {
		r.add("declared", id, d.Sheet, int32(d.Row), d.Cell, d.Code, int32(d.Period.Year), number(d.Period.Quarter), text(d.Region),
			text(d.Province), string(d.Sex), d.Value)
	}
	for _, c := range rec.Coverage {
		r.add("coverage", id, c.Sheet, c.Topic, int32(c.Period.Year), number(c.Period.Quarter), text(c.Region))
	}
}

// mentionID names the row a person was mentioned on.
func mentionID(submission string, o pipeline.Origin) string {
	return fmt.Sprintf("%s/%s/%d", submission, o.Sheet, o.Row)
}

// text is NULL for "".
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// texts is a list of strings, empty rather than NULL.
func texts(s []string) driver.Value {
	if s == nil {
		return []string{}
	}
	return s
}

// number is NULL for 0.
func number(n int) driver.Value {
	if n == 0 {
		return nil
	}
	return int32(n)
}

// count is NULL when nobody said.
func count(n *int) driver.Value {
	if n == nil {
		return nil
	}
	return int32(*n)
}

// said is NULL when nobody said.
func said[T any](v *T) driver.Value {
	if v == nil {
		return nil
	}
	return *v
}

// date is the first day a date can be, NULL for the zero date.
func date(d pipeline.Date) driver.Value {
	if d.IsZero() {
		return nil
	}
	return d.Time()
}

// civil is what the clock of a zone shows at t, for columns that hold wall-clock
// times: dates taken from them are the days people there lived. NULL for the
// zero time.
func civil(t time.Time, zone *time.Location) driver.Value {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
