package run

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/read"
)

// batchRows is how many rows are collected before they are handed to DuckDB, which takes
// them while the next are collected.
const batchRows = 25_000

// append reads every submission the warehouse does not hold yet, several at once,
// adds what they say in the order of the ledger, and settles which stand.
func (r *runner) append(ctx context.Context) (err error) {
	held, err := r.heldSubmissions(ctx)
	if err != nil {
		return err
	}
	var todo []pipeline.Received
	for _, got := range r.received {
		if _, ok := held[got.ID]; !ok {
			todo = append(todo, got)
		}
	}
	r.Progress.Stage("read", len(todo))
	var batch rows
	load := loader{db: r.db}
	defer func() { err = errors.Join(err, load.wait()) }()
	err = inOrder(ctx, len(todo), r.Config.cores(), func(ctx context.Context, i int) (pipeline.Reading, error) {
		return r.read(ctx, todo[i])
	}, func(i int, reading pipeline.Reading) error {
		s := submission{Received: todo[i]}
		s.reading(reading)
		held[s.ID] = s
		r.addSubmission(&batch, s, reading)
		if err := batch.reading(s.ID, reading); err != nil {
			return err
		}
		r.Progress.Step(1)
		if batch.n < batchRows {
			return nil
		}
		return load.start(ctx, &batch)
	})
	if err == nil {
		err = load.start(ctx, &batch)
	}
	if err == nil {
		err = load.wait()
	}
	if err != nil {
		return err
	}
	return r.settle(ctx, held)
}

// heavyFile is the size from which workbooks are read one after the other: what
// several such say would not fit in memory together.
const heavyFile = 4 << 20

// read understands one archived submission.
func (r *runner) read(ctx context.Context, got pipeline.Received) (pipeline.Reading, error) {
	heavy := got.Size >= heavyFile
	if heavy {
		r.heavy.Lock()
		defer r.heavy.Unlock()
	}
	reading, err := r.reader.Read(ctx, read.Source{
		Path: r.archive.Path(got.SHA256), Name: path.Base(got.Path), Member: got.Member, Today: r.Config.Day(got.At),
		Alone: heavy && r.Config.cores() > 1, Convert: r.converted(got.SHA256),
	})
	if err != nil {
		return reading, fmt.Errorf("read submission %s: %w", got.ID, err)
	}
	return reading, nil
}

// submission is what settling needs to know of one.
type submission struct {
	pipeline.Received
	identity pipeline.Identity
	own      pipeline.Status // by its content alone
	saved    time.Time       // the workbook's own "last saved"
	status   pipeline.Status // own, or remplacee, or doublon
	by       string          // what replaced it, or what it doubles
}

func (s *submission) reading(reading pipeline.Reading) {
	s.identity = identity(s.Member, reading.Header)
	s.own, s.saved = reading.Status(), reading.Modified
	s.status = s.own
}

func identity(member pipeline.Member, h pipeline.Header) pipeline.Identity {
	return pipeline.Identity{Member: member, Structure: fold.Key(h.Structure), Period: h.Period, Template: h.Template}
}

func (r *runner) addSubmission(batch *rows, s submission, reading pipeline.Reading) {
	refused := 0
	for _, t := range reading.Sheets {
		refused += t.Refused
	}
	batch.add("submission", s.ID, int32(s.Seq), string(s.Member), string(r.reader.Role(s.Member)), text(reading.Structure),
		text(s.identity.Structure), text(reading.Region), text(reading.Province), number(reading.Period.Year), number(reading.Period.Quarter),
		text(reading.Template), text(reading.Version), text(reading.Lang), s.Path, path.Base(s.Path), s.SHA256, civil(s.At, r.Config.zone),
		civil(s.saved, time.UTC), string(s.own), nil, int32(reading.RowsRead), int32(reading.RowsKept), int32(refused), string(s.own), civil(s.Received.Modified, r.Config.zone))
}

// settle decides which submissions stand. In order of arrival, and for files
// found together in the order they were last saved, a submission takes the place
// of the one before it with the same identity; one with the content of the one
// that stands is a double; a rejected one changes nothing.
func (r *runner) settle(ctx context.Context, held map[string]submission) error {
	order := make([]submission, 0, len(held))
	for _, s := range held {
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b submission) int {
		return cmp.Or(a.At.Compare(b.At), lastSaved(a).Compare(lastSaved(b)), cmp.Compare(a.Path, b.Path), cmp.Compare(a.ID, b.ID))
	})
	before := slices.Clone(order)
	standing := map[pipeline.Identity]int{} // index in order
	rejected := map[string]string{}         // content -> id
	for i := range order {
		s := &order[i]
		s.status, s.by = s.own, ""
		if s.own == pipeline.Rejected {
			if first, ok := rejected[s.SHA256]; ok {
				s.status, s.by = pipeline.Double, first
			} else {
				rejected[s.SHA256] = s.ID
			}
			continue
		}
		last, ok := standing[s.identity]
		switch {
		case ok && order[last].SHA256 == s.SHA256:
			s.status, s.by = pipeline.Double, order[last].ID
		case ok:
			order[last].status, order[last].by = pipeline.Replaced, s.ID
			standing[s.identity] = i
		default:
			standing[s.identity] = i
		}
	}
	var changed [][]driver.Value
	for i, s := range order {
		if s.status != before[i].status || s.by != before[i].by {
			changed = append(changed, []driver.Value{s.ID, string(s.status), text(s.by)})
		}
	}
	return r.updateStatus(ctx, changed)
}

func lastSaved(s submission) time.Time {
	if s.saved.IsZero() {
		return s.Received.Modified
	}
	return s.saved
}

// updateStatus writes the status of some submissions, and by whose doing.
func (r *runner) updateStatus(ctx context.Context, changed [][]driver.Value) error {
	if len(changed) == 0 {
		return nil
	}
	err := r.db.Exec(ctx, "create or replace temp table settled (submission_id varchar, status varchar, replaced_by varchar)")
	if err == nil {
		_, err = r.db.Append(ctx, "settled", nil, slices.Values(changed))
	}
	if err == nil {
		err = r.db.Exec(ctx, `update submission set status = s.status, replaced_by = s.replaced_by from settled s where s.submission_id = submission.submission_id`)
	}
	if err != nil {
		return fmt.Errorf("settle submissions: %w", err)
	}
	return nil
}

// heldSubmissions are those whose content the warehouse holds.
func (r *runner) heldSubmissions(ctx context.Context) (map[string]submission, error) {
	byID := make(map[string]pipeline.Received, len(r.received))
	for _, got := range r.received {
		byID[got.ID] = got
	}
	held := map[string]submission{}
	found, err := r.db.Conn().QueryContext(ctx, `select submission_id, coalesce(structure_key, ''), coalesce(year, 0), coalesce(quarter, 0),
		coalesce(template, ''), saved_at, own_status, status, coalesce(replaced_by, '') from submission`)
	if err != nil {
		return nil, fmt.Errorf("list submissions: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var s submission
		var id string
		var saved *time.Time
		if err := found.Scan(&id, &s.identity.Structure, &s.identity.Period.Year, &s.identity.Period.Quarter, &s.identity.Template,
			&saved, &s.own, &s.status, &s.by); err != nil {
			return nil, fmt.Errorf("list submissions: %w", err)
		}
		s.Received = byID[id]
		s.identity.Member = s.Member
		if saved != nil {
			s.saved = *saved
		}
		held[id] = s
	}
	return held, found.Err()
}
