package run

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"

	"cp3/pipeline/store"
	"cp3/pipeline/wording"
	"cp3/sql"
	"cp3/transforms/model"
)

// compute lays down what the derivation needs besides readings and persons, and
// runs it.
func (r *runner) compute(ctx context.Context, e edition) error {
	r.Progress.Stage("compute", 0)
	if err := r.layReference(ctx, e); err != nil {
		return fmt.Errorf("compute: %w", err)
	}
	if err := r.model.Seed(ctx, r.db); err != nil {
		return fmt.Errorf("compute: %w", err)
	}
	if err := r.deriveTables(ctx); err != nil {
		return fmt.Errorf("compute: %w", err)
	}
	return nil
}

// personsChanged are the tables in which a census leaves whose rows changed.
var personsChanged = model.Changed{Keys: "person_moved", Still: "person_still"}

// deriveTables brings the tables up to date with the persons that changed, when they
// were derived by the same SQL from what was read by the same rules, and most persons
// are who they were; else it derives them all.
func (r *runner) deriveTables(ctx context.Context) (err error) {
	by, err := r.derivedBy()
	if err != nil {
		return err
	}
	was, _, err := scalar[string](ctx, r.db.Conn(), "select value from durable where key = 'derived_by'")
	if err != nil {
		return err
	}
	few, _, err := scalar[bool](ctx, r.db.Conn(), "select 3 * (select count(*) from person_moved) < (select count(*) from person_still)")
	if err != nil {
		return err
	}
	if r.updated = false; was == by && few {
		r.updated, err = r.model.Update(ctx, r.db, personsChanged)
	} else {
		err = r.model.Build(ctx, r.db)
	}
	if err != nil {
		return err
	}
	r.Log.Info("derived", "whole", !r.updated)
	return r.db.Exec(ctx, "insert or replace into durable values ('derived_by', ?)", by)
}

// derivedBy is the fingerprint of what makes tables of what was read.
func (r *runner) derivedBy() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, r.Version)
	if err := hashFiles(h, sql.Files); err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// forgetDerived has everything derived anew, and all answers compared with what is
// read: what was read changes otherwise than by files that come and go.
func (r *runner) forgetDerived(ctx context.Context) error {
	return r.db.Exec(ctx, "delete from durable where key in ('derived_by', 'answered_as_read')")
}

// layReference fills the tables of sql/schema/0002_reference.sql afresh.
func (r *runner) layReference(ctx context.Context, e edition) error {
	reference := []struct {
		table string
		rows  [][]driver.Value
	}{
		{"ref_member", r.memberRows()},
		{"ref_region", r.codeRows("region", func(c codeOf) []driver.Value { return []driver.Value{c.Code, c.FR, text(c.AR)} })},
		{"ref_province", r.codeRows("province", func(c codeOf) []driver.Value {
			return []driver.Value{c.Code, c.FR, text(c.AR), text(c.Attrs["kind"]), c.Attrs["region"]}
		})},
		{"ref_institution", r.codeRows("institution", func(c codeOf) []driver.Value {
			return []driver.Value{c.Code, c.FR, text(c.AR), c.Attrs["state"] == "oui"}
		})},
		{"ref_code", r.allCodes()},
		{"ref_rule", ruleRows()},
		{"expected", r.expectedRows()},
		{"setting", [][]driver.Value{{"as_of", e.Day.String()}, {"edition", fmt.Sprint(e.Number)}, {"previous_seq", fmt.Sprint(r.previousSeq())}}},
		{"run_log", r.runRows(e)},
	}
	for _, t := range reference {
		if err := r.db.Exec(ctx, "delete from "+store.Ident(t.table)); err != nil {
			return fmt.Errorf("lay %s: %w", t.table, err)
		}
		if _, err := r.db.Append(ctx, t.table, nil, slices.Values(t.rows)); err != nil {
			return err
		}
	}
	return r.layRevisions(ctx, e)
}

func (r *runner) memberRows() [][]driver.Value {
	var rows [][]driver.Value
	for _, s := range r.reader.Specs() {
		rows = append(rows, []driver.Value{string(s.Member), string(s.Role), s.Name.FR, text(s.Name.AR)})
	}
	return rows
}

// codeOf is a code with its labels at hand.
type codeOf struct {
	Code, FR, AR string
	Attrs        map[string]string
}

func (r *runner) codeRows(list string, row func(codeOf) []driver.Value) [][]driver.Value {
	var rows [][]driver.Value
	for _, c := range r.reader.Lists()[list].Codes {
		rows = append(rows, row(codeOf{c.Code, c.Label.FR, c.Label.AR, c.Attrs}))
	}
	return rows
}

func (r *runner) allCodes() [][]driver.Value {
	lists := r.reader.Lists()
	names := make([]string, 0, len(lists))
	for name := range lists {
		names = append(names, name)
	}
	sort.Strings(names)
	var rows [][]driver.Value
	for _, name := range names {
		rows = append(rows, r.codeRows(name, func(c codeOf) []driver.Value { return []driver.Value{name, c.Code, c.FR, text(c.AR)} })...)
	}
	return rows
}

// ruleRows are the publishable titles of all rules.
func ruleRows() [][]driver.Value {
	var rows [][]driver.Value
	for _, key := range wording.Keys("fr") {
		if e, _ := wording.Lookup("fr", key); e.Title != "" {
			rows = append(rows, []driver.Value{key, e.Title, text(wording.Title("ar", key))})
		}
	}
	return rows
}

// expectedRows are the reports expected, one per structure and period.
func (r *runner) expectedRows() [][]driver.Value {
	var rows [][]driver.Value
	for _, e := range r.Config.Expectations {
		structures := e.Structures
		if len(structures) == 0 {
			structures = []string{""}
		}
		for _, s := range structures {
			for _, p := range e.Periods() {
				rows = append(rows, []driver.Value{string(e.Member), text(s), int32(p.Year), number(p.Quarter), date(e.Due(p))})
			}
		}
	}
	return rows
}

// runRows are the editions of the ledger, with the one being made.
func (r *runner) runRows(this edition) [][]driver.Value {
	var rows [][]driver.Value
	add := func(e edition) {
		rows = append(rows, []driver.Value{e.Run, int32(e.Number), date(e.Day), e.Kind, int32(e.Counts.Received), int32(e.Counts.Accepted),
			int32(e.Counts.Reserved), int32(e.Counts.Rejected), e.Version})
	}
	for _, e := range r.editions {
		add(e)
	}
	if this.Number > len(r.editions) {
		add(this)
	}
	return rows
}

// previousSeq is the last ledger entry the edition before was made from.
func (r *runner) previousSeq() int {
	return r.lastEdition().Ledger
}
