package run

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/store"
)

// TemplateLine says which template a structure used last, when it is not the
// present one as it was given out.
type TemplateLine struct {
	Member    string `json:"member"`
	Structure string `json:"structure"`
	Period    string `json:"period"`
	File      string `json:"file"`
	Version   string `json:"version"` // "" for a workbook of its own
	Present   string `json:"present"`
	Moved     int    `json:"moved"` // columns and sheets that are not as in the template
}

// layoutMoves are the notes on a workbook that no longer is its template.
const layoutMoves = `'sheet.renamed', 'column.renamed', 'column.ignored', 'columns.moved', 'table.second'`

// templatesInUse looks at the last submission of each structure that stands.
func templatesInUse(ctx context.Context, db *store.DB, specs []*connectors.Spec, all []SubmissionLine) ([]TemplateLine, error) {
	moved, err := movedBy(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("status: %w", err)
	}
	last := map[[2]string]SubmissionLine{}
	for _, l := range all {
		if s := pipeline.Status(l.Status); s == pipeline.Accepted || s == pipeline.Reserved {
			last[[2]string{l.Member, l.Structure}] = l // in order of receipt
		}
	}
	lines := []TemplateLine{}
	for _, l := range last {
		spec := connectors.Find(specs, pipeline.Member(l.Member))
		if spec == nil || l.Version == spec.Template.Version && moved[l.ID] == 0 {
			continue
		}
		lines = append(lines, TemplateLine{l.Member, l.Structure, l.Period, l.File, l.Version, spec.Template.Version, moved[l.ID]})
	}
	slices.SortFunc(lines, func(a, b TemplateLine) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Structure, b.Structure))
	})
	return lines, nil
}

// movedBy counts the layout notes of each submission.
func movedBy(ctx context.Context, db *store.DB) (map[string]int, error) {
	found, err := db.Conn().QueryContext(ctx, `select submission_id, count(*) from issue
		where severity = '`+noteSeverity+`' and code in (`+layoutMoves+`) group by submission_id`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	moved := map[string]int{}
	for found.Next() {
		var id string
		var n int
		if err := found.Scan(&id, &n); err != nil {
			return nil, err
		}
		moved[id] = n
	}
	return moved, found.Err()
}
