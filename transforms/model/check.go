package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Failure is a claim that does not hold.
type Failure struct {
	Check       string   `json:"check"` // "chk_total_is_sum_of_sexes", "valeurs: grain"
	Severity    Severity `json:"severity"`
	Description string   `json:"description"` // what is claimed, in French
	Rows        int      `json:"rows"`        // how many rows break it
	// Sample shows the first ones, as "column=value" lists. Checks select nothing
	// personal, so it may be logged.
	Sample []string `json:"sample,omitempty"`
}

func (f Failure) String() string {
	s := fmt.Sprintf("%s: %d row(s): %s", f.Check, f.Rows, f.Description)
	if len(f.Sample) > 0 {
		s += " [" + strings.Join(f.Sample, "; ") + "]"
	}
	return s
}

// sampled is how many offending rows a Failure shows.
const sampled = 3

// claim is something to check: a query for what breaks it.
type claim struct {
	name, text string
	severity   Severity
	sql        string
	local      bool // it looks at the rows of one key at a time
}

// Check verifies what Build derived: the claims of headers (grain, not_null,
// accepted, refers), the checks of severity error, and the count of each quality
// rule's findings. What fails is returned, errors first, then by name; the error
// is for what could not be checked.
func (p *Project) Check(ctx context.Context, db DB) ([]Failure, error) {
	failures, err := check(ctx, db, p.allClaims())
	if err != nil {
		return nil, fmt.Errorf("check model: %w", err)
	}
	return sorted(failures), nil
}

// CheckUpdated verifies what Update brought up to date, in the same session, the
// tables of before having been verified: claims about the rows of one key are held to
// the changed keys only.
func (p *Project) CheckUpdated(ctx context.Context, db DB, c Changed) ([]Failure, error) {
	u := newUpdate(p, db, c)
	failures, err := u.check(ctx)
	if err != nil {
		return nil, fmt.Errorf("check model: %w", err)
	}
	return sorted(failures), nil
}

func (u *update) check(ctx context.Context) ([]Failure, error) {
	if err := u.index(ctx); err != nil {
		return nil, err
	}
	var local, whole []claim
	for _, c := range u.project.allClaims() {
		if c.local {
			local = append(local, c)
		} else {
			whole = append(whole, c)
		}
	}
	names := u.project.families()
	for _, q := range u.project.models {
		names = append(names, q.name)
	}
	if err := u.stand(ctx, u.small(names, now, nil)); err != nil {
		return nil, err
	}
	failures, err := check(ctx, u.db, local)
	if err := errors.Join(err, u.stand(context.WithoutCancel(ctx), nil)); err != nil {
		return nil, err
	}
	more, err := check(ctx, u.db, whole)
	return append(failures, more...), err
}

func check(ctx context.Context, db DB, claims []claim) ([]Failure, error) {
	counts, err := countOffenders(ctx, db, claims)
	if err != nil {
		return nil, err
	}
	var failures []Failure
	for i, c := range claims {
		if counts[i] == 0 {
			continue
		}
		f := Failure{Check: c.name, Severity: c.severity, Description: c.text, Rows: counts[i]}
		if c.severity == Error {
			if f.Sample, err = sample(ctx, db, c.sql); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
		}
		failures = append(failures, f)
	}
	return failures, nil
}

// sorted has errors first, then names in order.
func sorted(failures []Failure) []Failure {
	slices.SortStableFunc(failures, func(a, b Failure) int {
		if a.Severity != b.Severity {
			return strings.Compare(string(a.Severity), string(b.Severity)) // error before warning
		}
		return strings.Compare(a.Check, b.Check)
	})
	return failures
}

func (p *Project) allClaims() []claim {
	var claims []claim
	for _, q := range p.models {
		if q.family == Warnings {
			claims = append(claims, claim{name: q.name, text: q.header.Description, severity: Warning, sql: "select * from " + ident(q.name)})
		}
		claims = append(claims, q.headerClaims()...)
	}
	for _, q := range p.claims {
		claims = append(claims, claim{q.name, q.header.Description, Error, q.sql, q.header.Local})
	}
	return claims
}

// countOffenders counts the rows breaking each claim, in one query: most editions
// break none, and a round trip a claim would cost more than the checking.
func countOffenders(ctx context.Context, db DB, claims []claim) ([]int, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	var b strings.Builder
	for i, c := range claims {
		if i > 0 {
			b.WriteString("\nunion all\n")
		}
		fmt.Fprintf(&b, "select %d as n, count(*) as offenders from (%s\n)", i, c.sql)
	}
	// Kept first, read then: a statement that gives nothing leaves both cores to DuckDB.
	if _, err := db.ExecContext(ctx, "create or replace temp table claim_offenders as\n"+b.String()); err != nil {
		return nil, errors.Join(err, culprit(ctx, db, claims))
	}
	counts := make([]int, len(claims))
	var bad error
	err := scan(ctx, db, "from claim_offenders", func(row []string) {
		n, err1 := strconv.Atoi(row[0])
		count, err2 := strconv.Atoi(row[1])
		bad = errors.Join(bad, err1, err2)
		counts[n] = count
	})
	return counts, errors.Join(err, bad)
}

// culprit finds which claims can't be asked, for the message.
func culprit(ctx context.Context, db DB, claims []claim) error {
	var faults []error
	for _, c := range claims {
		if err := scan(ctx, db, "select count(*) from ("+c.sql+"\n)", func([]string) {}); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(faults...)
}

// sample shows the first offending rows.
func sample(ctx context.Context, db DB, query string) (rows []string, err error) {
	cursor, err := db.QueryContext(ctx, fmt.Sprintf("select columns(*)::varchar from (%s\n) limit %d", query, sampled))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, cursor.Close()) }()
	columns, err := cursor.Columns()
	if err != nil {
		return nil, err
	}
	for cursor.Next() {
		cells := make([]*string, len(columns))
		targets := make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := cursor.Scan(targets...); err != nil {
			return nil, err
		}
		var parts []string
		for i, c := range cells {
			if c != nil {
				parts = append(parts, columns[i]+"="+*c)
			}
		}
		rows = append(rows, strings.Join(parts, " "))
	}
	return rows, cursor.Err()
}
