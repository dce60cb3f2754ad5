package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/store"
)

// State is the one page `cp3 status` shows.
type State struct {
	Edition     int               `json:"edition"` // in place; 0: none yet
	Day         string            `json:"day"`     // it speaks of
	Public      int               `json:"public"`  // the edition whose figures the public reads; 0: none
	PublicDay   string            `json:"public_day"`
	Holder      *Holder           `json:"running"` // a run under way
	Service     *Holder           `json:"service"` // cp3 serve at work
	Runs        []RunLine         `json:"runs"`    // the last ones first
	Submissions []SubmissionLine  `json:"submissions"`
	Expected    []ExpectationLine `json:"expected"`  // what is late or missing, or all on demand
	Templates   []TemplateLine    `json:"templates"` // structures whose workbook is not the present template
	Waiting     []string          `json:"waiting"`   // received and not yet in an edition
	Lasts       map[string]Last   `json:"last"`      // how each verb last ended
	Needs       []Need            `json:"needs"`     // what a human has to see to
}

// RunLine is one run that published.
type RunLine struct {
	Edition  int    `json:"edition"`
	Run      string `json:"run"`
	Day      string `json:"day"`
	Received int    `json:"received"`
	Rejected int    `json:"rejected"`
}

// SubmissionLine is one submission as the edition in place knows it.
type SubmissionLine struct {
	ID        string `json:"id"`
	Number    int    `json:"number"`
	Member    string `json:"member"`
	Structure string `json:"structure"`
	Period    string `json:"period"`
	File      string `json:"file"`
	Received  string `json:"received"`
	Status    string `json:"status"`
	Template  string `json:"template"`
	Version   string `json:"version"`
	Read      int    `json:"rows_read"`
	Kept      int    `json:"rows_kept"`
	Refused   int    `json:"rows_refused"`
}

// ExpectationLine is one report expected of a member.
type ExpectationLine struct {
	Member    string `json:"member"`
	Structure string `json:"structure"`
	Period    string `json:"period"`
	Due       string `json:"due"`
	Received  string `json:"received"`
	Status    string `json:"status"` // a_temps, en_retard, manquant
}

// Status tells where a workspace stands. It reads the ledger, the edition in
// place and the warehouse; while a run holds the warehouse, submissions are told
// from the ledger alone.
func Status(ctx context.Context, o Options) (State, error) {
	s := State{Holder: o.Workspace.holder(), Service: o.Workspace.holderOf(serviceLock), Needs: Needs(ctx, o)}
	r, err := look(o)
	if err != nil {
		return s, err // what needs a human is told all the same
	}
	s.Edition, s.Day = r.current.Edition, r.current.Day.String()
	if s.Public = r.current.Public; s.Public > 0 && s.Public <= len(r.editions) {
		s.PublicDay = r.editions[s.Public-1].Day.String()
	}
	if s.Lasts, err = o.Workspace.Lasts(); err != nil {
		return s, err
	}
	for n := len(r.editions) - 1; n >= 0; n-- {
		e := r.editions[n]
		s.Runs = append(s.Runs, RunLine{e.Number, e.Run, e.Day.String(), e.Counts.Received, e.Counts.Rejected})
	}
	last := r.lastEdition().Ledger
	for _, got := range r.received {
		if got.Seq > last {
			s.Waiting = append(s.Waiting, got.Path)
		}
	}
	if s.Holder == nil {
		err := r.submissionLines(ctx, &s)
		var locked *Locked
		if errors.As(err, &locked) { // a run began meanwhile
			s.Holder, err = &locked.Holder, nil
		}
		if err != nil {
			return s, err
		}
	}
	return s, r.expectationLines(ctx, &s)
}

// look is begin for verbs that change nothing: nothing is mended.
func look(o Options) (*runner, error) {
	r := &runner{Options: o, at: o.Now().UTC(), archive: store.NewArchive(o.Workspace.Archive())}
	var err error
	if r.ledger, err = store.OpenLedger(o.Workspace.LedgerFile()); err != nil {
		return nil, err
	}
	return r, r.load()
}

// view opens the warehouse to read; nil when there is none yet. The error is *Locked
// while a run has it.
func (r *runner) view(ctx context.Context) (*store.DB, error) {
	if _, err := os.Stat(r.Workspace.Warehouse()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	db, err := openPatiently(ctx, r.Workspace.Warehouse(), readerPatience, store.Options{ReadOnly: true})
	var held *store.Held
	if errors.As(err, &held) {
		if h := r.Workspace.holder(); h != nil {
			return nil, &Locked{Holder: *h}
		}
	}
	return db, err
}

func (r *runner) submissionLines(ctx context.Context, s *State) error {
	db, err := r.view(ctx)
	if db == nil || err != nil {
		return err
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(ctx, `select submission_id, seq, member, coalesce(structure, ''), coalesce(year, 0), coalesce(quarter, 0), path,
		received_at, status, coalesce(template, ''), coalesce(version, ''), rows_read, rows_kept, rows_refused from submission order by seq`)
	if err != nil {
		return fmt.Errorf("status: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var l SubmissionLine
		var p pipeline.Period
		var at time.Time
		if err := found.Scan(&l.ID, &l.Number, &l.Member, &l.Structure, &p.Year, &p.Quarter, &l.File, &at, &l.Status, &l.Template, &l.Version, &l.Read, &l.Kept, &l.Refused); err != nil {
			return fmt.Errorf("status: %w", err)
		}
		l.Period, l.Received = p.String(), at.Format("2006-01-02 15:04")
		s.Submissions = append(s.Submissions, l)
	}
	if err := found.Err(); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	s.Templates, err = templatesInUse(ctx, db, r.reader.Specs(), s.Submissions)
	return err
}

// published opens the database of the edition in place; nil when there is none.
func (r *runner) openPublished(ctx context.Context) (*store.DB, error) {
	file := filepath.Join(r.Workspace.Publication(), "snia.duckdb")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return store.Open(ctx, file, store.Options{ReadOnly: true})
}

func (r *runner) expectationLines(ctx context.Context, s *State) error {
	db, err := r.openPublished(ctx)
	if db == nil || err != nil {
		return err
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(ctx, `select membre, coalesce(structure, ''), periode, attendu_le::varchar, coalesce(recu_le::varchar, ''), statut
		from completude where statut <> 'a_temps' order by attendu_le, membre, structure`)
	if err != nil {
		return fmt.Errorf("status: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var l ExpectationLine
		if err := found.Scan(&l.Member, &l.Structure, &l.Period, &l.Due, &l.Received, &l.Status); err != nil {
			return fmt.Errorf("status: %w", err)
		}
		s.Expected = append(s.Expected, l)
	}
	return found.Err()
}

// Account is what became of every cell of one submission.
type Account struct {
	Submission SubmissionLine `json:"submission"`
	Lines      []AccountLine  `json:"lines"`
}

// AccountLine is a range of cells of one column that met the same fate.
type AccountLine struct {
	Sheet   string `json:"sheet"`
	Cells   string `json:"cells"`
	Field   string `json:"field"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// UnknownSubmission says that no submission is called that.
type UnknownSubmission struct{ Name string }

func (e *UnknownSubmission) Error() string {
	return fmt.Sprintf("no submission %q: give its id, its receipt number or its file, as cp3 status lists them", e.Name)
}

// findSubmission finds what a person named: a receipt number, a file (the latest
// submission of it), or the beginning of an id that no other has.
func findSubmission(all []SubmissionLine, name string) (SubmissionLine, bool) {
	var byFile, byID []SubmissionLine
	for _, l := range all {
		switch {
		case fmt.Sprint(l.Number) == name:
			return l, true
		case l.File == name:
			byFile = append(byFile, l)
		case len(name) >= 6 && strings.HasPrefix(l.ID, name):
			byID = append(byID, l)
		}
	}
	switch {
	case len(byFile) > 0:
		return byFile[len(byFile)-1], true
	case len(byID) == 1:
		return byID[0], true
	}
	return SubmissionLine{}, false
}

// AccountOf tells the account of a submission, named by id (or its beginning),
// receipt number, or file below depot/.
func AccountOf(ctx context.Context, o Options, name string) (Account, error) {
	s, err := Status(ctx, o)
	if err != nil {
		return Account{}, err
	}
	var a Account
	var ok bool
	if a.Submission, ok = findSubmission(s.Submissions, name); !ok {
		return a, &UnknownSubmission{name}
	}
	r, err := look(o)
	if err != nil {
		return a, err
	}
	db, err := r.view(ctx)
	if err != nil {
		return a, err
	}
	defer db.Close()
	rows, err := db.Conn().QueryContext(ctx, `select sheet, cells, coalesce(field, ''), outcome, coalesce(reason, '') from account
		where submission_id = ? order by rowid`, a.Submission.ID)
	if err != nil {
		return a, fmt.Errorf("account: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l AccountLine
		if err := rows.Scan(&l.Sheet, &l.Cells, &l.Field, &l.Outcome, &l.Reason); err != nil {
			return a, fmt.Errorf("account: %w", err)
		}
		a.Lines = append(a.Lines, l)
	}
	return a, rows.Err()
}

// FollowUpLine is one line of the follow-up table.
type FollowUpLine struct {
	Code     string   `json:"code"`
	Label    string   `json:"libelle"`
	Unit     string   `json:"unite"`
	Sex      string   `json:"sexe"`
	Base     *float64 `json:"valeur_base"`
	Previous *float64 `json:"valeur_annee_precedente"`
	Value    *float64 `json:"valeur_annee"`
	Target   *float64 `json:"cible_annee"`
	Final    *float64 `json:"cible_finale"`
	Rate     *float64 `json:"taux_realisation"`
	Status   *string  `json:"statut"`
}

// FollowUp is the follow-up table of a year, from the edition in place.
func FollowUp(ctx context.Context, o Options, year int) ([]FollowUpLine, error) {
	r, err := look(o)
	if err != nil {
		return nil, err
	}
	db, err := r.openPublished(ctx)
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, ErrNothingPublished
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(ctx, `select code, libelle, unite, sexe, valeur_base, valeur_annee_precedente, valeur_annee, cible_annee, cible_finale,
		taux_realisation, statut from tableau_de_suivi where annee = ? order by rowid`, year)
	if err != nil {
		return nil, fmt.Errorf("follow-up table: %w", err)
	}
	defer found.Close()
	var lines []FollowUpLine
	for found.Next() {
		var l FollowUpLine
		if err := found.Scan(&l.Code, &l.Label, &l.Unit, &l.Sex, &l.Base, &l.Previous, &l.Value, &l.Target, &l.Final, &l.Rate, &l.Status); err != nil {
			return nil, fmt.Errorf("follow-up table: %w", err)
		}
		lines = append(lines, l)
	}
	return lines, found.Err()
}

// Persons counts the distinct persons of submissions that stand, and the rows
// that mention them.
func Persons(ctx context.Context, o Options) (persons, mentions int, err error) {
	r, err := look(o)
	if err != nil {
		return 0, 0, err
	}
	db, err := r.view(ctx)
	if db == nil || err != nil {
		return 0, 0, err
	}
	defer db.Close()
	err = db.Conn().QueryRowContext(ctx, `select count(distinct person_id), count(*) from person_mention join mention using (mention_id)
		join submission using (submission_id) where submission.status in ('acceptee', 'reserves')`).Scan(&persons, &mentions)
	if err != nil {
		return 0, 0, fmt.Errorf("count persons: %w", err)
	}
	return persons, mentions, nil
}
