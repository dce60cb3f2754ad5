package run

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cp3/transforms/link"
)

// mostQuestions is how many questions are laid down: the most open ones. Nobody
// decides more between two nights.
const mostQuestions = 2000

// layQuestions writes down the person pairs that a human should decide, and the
// decisions that others contradict. A nil result has none.
func (r *runner) layQuestions(ctx context.Context, result *link.Result, said []description) error {
	since, err := r.askedSince(ctx)
	if err != nil {
		return fmt.Errorf("questions: %w", err)
	}
	for _, table := range []string{"review_question", "review_part", "review_contradiction"} {
		if err := r.db.Exec(ctx, "delete from "+table); err != nil {
			return fmt.Errorf("questions: %w", err)
		}
	}
	if result == nil {
		return nil
	}
	all, err := result.Questions(ctx)
	if err != nil {
		return fmt.Errorf("questions: %w", err)
	}
	var questions, parts [][]driver.Value
	laid := map[string]bool{}
	for _, q := range all[:min(len(all), mostQuestions)] {
		id, err := r.questionID(said, q)
		if errors.Is(err, sameWords{}) {
			continue // no answer could be remembered
		}
		if err != nil {
			return fmt.Errorf("questions: %w", err)
		}
		if laid[id] {
			continue // the same words in other rows: one answer is for both
		}
		laid[id] = true
		first, asked := since[id]
		if !asked {
			first = r.thisNumber()
		}
		evidence, err := json.Marshal(q.Pair.Evidence)
		if err != nil {
			return fmt.Errorf("questions: %w", err)
		}
		questions = append(questions, []driver.Value{id, q.Merged, q.Weight, q.Pair.A, q.Pair.B, q.Pair.Weight, string(evidence), int32(first)})
		for _, m := range q.A {
			parts = append(parts, []driver.Value{id, "A", m})
		}
		for _, m := range q.B {
			parts = append(parts, []driver.Value{id, "B", m})
		}
	}
	if _, err := r.db.Append(ctx, "review_question", nil, slices.Values(questions)); err != nil {
		return err
	}
	if _, err := r.db.Append(ctx, "review_part", nil, slices.Values(parts)); err != nil {
		return err
	}
	return r.layContradictions(ctx, said)
}

func (r *runner) layContradictions(ctx context.Context, said []description) error {
	apart, _ := contradicted(standing(r.pairs), said)
	var rows [][]driver.Value
	for _, d := range apart {
		rows = append(rows, []driver.Value{int32(d.Seq)})
	}
	if len(rows) > 0 {
		r.Log.Warn("decisions on persons contradict each other: those that join were followed", "decisions", len(rows))
	}
	_, err := r.db.Append(ctx, "review_contradiction", nil, slices.Values(rows))
	return err
}

// thisNumber is the number of the edition being made.
func (r *runner) thisNumber() int {
	if r.rebuilding {
		return r.lastEdition().Number
	}
	return len(r.editions) + 1
}

// askedSince are the editions that first asked each question that is open.
func (r *runner) askedSince(ctx context.Context) (map[string]int, error) {
	found, err := r.db.Conn().QueryContext(ctx, "select question_id, since from review_question")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	since := map[string]int{}
	for found.Next() {
		var id string
		var n int
		if err := found.Scan(&id, &n); err != nil {
			return nil, err
		}
		since[id] = n
	}
	return since, found.Err()
}

// questionID names a question after the two descriptions shown: the same question
// has the same id tomorrow, in another file and in a workbook that comes back.
func (r *runner) questionID(said []description, q link.Question) (string, error) {
	secret, err := r.Workspace.Secret()
	if err != nil {
		return "", err
	}
	a, b, err := keysOf(these(said, q.Pair.A), these(said, q.Pair.B))
	if err != nil {
		return "", err
	}
	pair := []string{a[0], b[0]}
	slices.Sort(pair)
	return "q" + keyed(secret, "question\n"+pair[0]+"\n"+pair[1], 10), nil
}
