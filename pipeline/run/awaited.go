package run

import (
	"context"
	"fmt"
	"time"

	"cp3/pipeline"
)

// awaitedReport is a report that is expected and has not come, as the edition in
// place knows it.
type awaitedReport struct {
	member    pipeline.Member
	structure string // "" for the member as a whole
	period    string
	due       pipeline.Date
}

// awaited are the reports that have not come, by deadline.
func (r *runner) awaited(ctx context.Context) ([]awaitedReport, error) {
	db, err := r.openPublished(ctx)
	if db == nil || err != nil {
		return nil, err
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(ctx, `select membre, coalesce(structure, ''), periode, attendu_le from completude where recu_le is null
		order by attendu_le, membre, structure, periode`)
	if err != nil {
		return nil, fmt.Errorf("reports awaited: %w", err)
	}
	defer found.Close()
	var all []awaitedReport
	for found.Next() {
		var a awaitedReport
		var due time.Time
		if err := found.Scan(&a.member, &a.structure, &a.period, &due); err != nil {
			return nil, fmt.Errorf("reports awaited: %w", err)
		}
		a.due = pipeline.DateOf(due)
		all = append(all, a)
	}
	return all, found.Err()
}
