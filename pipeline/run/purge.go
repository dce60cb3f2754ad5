package run

import (
	"context"
	"errors"
	"fmt"

	"cp3/pipeline/store"
)

// A purge takes away what is personal in submissions whose *retention* is over,
// and keeps what was published from them. The workbook leaves the archive, the
// answer leaves retours/, names, papers, phones and birth dates leave the
// warehouse. What remains of a submission is its *residue*: what it counted,
// about whom only sex, year of birth, nationality, status and province are known,
// each person under a *pseudonym* drawn by chance, so that persons stay distinct
// and nobody can be found again. The residue takes the workbook's place in the
// archive: from then on it is what editions are derived from.
//
// A *tombstone* in the ledger says which submissions were purged and which residue
// is theirs. Everything that is irreversible happens after it, and after a trial:
// the edition in place is derived again from the residue, and unless the years
// concerned come out as they were published, nothing is removed.

// RetentionConfig says how long what is personal is kept.
type RetentionConfig struct {
	Years int `yaml:"years"` // whole years after the year a report is about; 0: for ever
}

func (c RetentionConfig) validate() error {
	if c.Years < 0 {
		return errors.New("retention.years: can't be below zero")
	}
	return nil
}

// tombstone is the ledger's entry of a purge.
type tombstone struct {
	Before      int      `json:"before"` // years before this one
	Submissions []string `json:"submissions"`
	Residue     string   `json:"residue"` // SHA-256: its place in the archive
}

// Purged is what a purge did.
type Purged struct {
	Before      int      `json:"before"`      // submissions on years before this one
	Submissions int      `json:"submissions"` // purged now
	Persons     int      `json:"persons"`     // whom nothing tells any more who they are
	InDepot     []string `json:"in_depot"`    // files still in depot/, which cp3 never touches
	Edition     int      `json:"edition"`
}

// HistoryMoves says that published figures would not survive a purge, which was
// therefore not done.
type HistoryMoves struct {
	Table string
	Year  int
	Rows  int
}

func (e *HistoryMoves) Error() string {
	return fmt.Sprintf("purge: table %s, year %d: %d rows would change: nothing was removed", e.Table, e.Year, e.Rows)
}

// Purge removes what is personal in submissions past their retention. It begins
// with a run: what is to survive must have been published.
func Purge(ctx context.Context, o Options) (p Purged, err error) {
	if o.Config.Retention.Years == 0 {
		return p, &NotConfigured{"retention.years", "what is personal is kept for ever"}
	}
	release, err := o.Workspace.Lock(o.Command, o.Now())
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, release()) }()
	began := o.Now()
	defer func() { err = o.remember("purge", began, err) }()
	r, err := begin(o)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.run(ctx); err != nil {
		return p, err
	}
	return r.purge(ctx)
}

func (r *runner) purge(ctx context.Context) (Purged, error) {
	p := Purged{Before: r.Config.Day(r.at).Year - r.Config.Retention.Years, Edition: r.current.Edition}
	if r.db == nil {
		if err := r.openWarehouse(ctx); err != nil {
			return p, err
		}
	}
	ids, err := r.expired(ctx, p.Before)
	if err != nil || len(ids) == 0 {
		return p, err
	}
	residue, err := r.writeResidue(ctx, ids)
	if err != nil {
		return p, fmt.Errorf("purge: %w", err)
	}
	t := tombstone{Before: p.Before, Submissions: ids, Residue: residue}
	r.bury(t)
	if err := r.tryResidue(ctx, p.Before); err != nil {
		return p, err
	}
	if _, err := r.ledger.Append(r.at, store.KindPurged, t); err != nil {
		return p, err
	}
	if err := r.run(ctx); err != nil { // publishes, then removes what is buried
		return p, err
	}
	p.Submissions, p.Edition, p.InDepot = len(ids), r.current.Edition, r.stillInDepot()
	p.Persons, err = r.nobodies(ctx)
	r.Log.Info("purged", "before", p.Before, "submissions", p.Submissions, "persons", p.Persons, "in_depot", len(p.InDepot))
	return p, err
}

// expired are the submissions on years before a year, or received before it when
// they say no year, that were not purged yet. A year goes as a whole: persons are
// counted within years.
func (r *runner) expired(ctx context.Context, before int) ([]string, error) {
	all, err := column[string](ctx, r.db.Conn(), `select submission_id from submission where coalesce(year, year(received_at)) < ? order by seq`, before)
	if err != nil {
		return nil, fmt.Errorf("purge: %w", err)
	}
	var ids []string
	for _, id := range all {
		if !r.buried(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// tryResidue derives the edition in place again, from the residue, in a warehouse
// beside the real one, and compares.
func (r *runner) tryResidue(ctx context.Context, before int) error {
	if err := r.openFresh(ctx); err != nil {
		return err
	}
	e := r.lastEdition()
	r.rebuilding = true
	err := r.db.Tx(ctx, func() error { return r.derive(ctx, &e) })
	r.rebuilding = false
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	return r.compareHistory(ctx, before)
}

// compareHistory compares the rows of years before a year with the edition in
// place, in every published table that speaks of years.
func (r *runner) compareHistory(ctx context.Context, before int) error {
	published := r.Workspace.path("publication", "snia.duckdb")
	if err := r.db.Exec(ctx, "attach "+store.Quote(published)+" as published (read_only)"); err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	for _, t := range r.tables() {
		if !hasColumn(t, "annee") {
			continue
		}
		moved := HistoryMoves{Table: t.Name}
		query := fmt.Sprintf(`with made as (select %[1]s from %[2]s where annee < %[4]d), stood as (select %[1]s from published.main.%[3]s where annee < %[4]d),
			moved as (select * from (from made except all from stood) union all select * from (from stood except all from made))
			select coalesce(min(annee), 0), count(*) from moved`, columnList(t), qualified(t.From()), store.Ident(t.Name), before)
		if err := r.db.Conn().QueryRowContext(ctx, query).Scan(&moved.Year, &moved.Rows); err != nil {
			return fmt.Errorf("purge: compare %s: %w", t.Name, err)
		}
		if moved.Rows > 0 {
			return &moved
		}
	}
	return r.db.Exec(ctx, "detach published")
}

// stillInDepot are the files of depot/ that were purged and that their members
// have left there: cp3 only ever reads depot/.
func (r *runner) stillInDepot() []string {
	last, err := r.lastReceived()
	if err != nil {
		return nil
	}
	var left []string
	for _, got := range r.received {
		if last[got.Path].ID == got.ID && r.buried(got.ID) && r.depot.holds(got.Path) {
			left = append(left, got.Path)
		}
	}
	return left
}
