package model

import (
	"context"
	"fmt"
)

// BuildPart derives some models or families, and what they read, in a database of
// its own: to see what they would come to under other facts. lay is asked for each
// table that no model makes, before anything is derived.
func (p *Project) BuildPart(ctx context.Context, db DB, lay func(table string) error, names ...string) error {
	if err := p.buildPart(ctx, db, lay, names); err != nil {
		return fmt.Errorf("build part of the model: %w", err)
	}
	return nil
}

func (p *Project) buildPart(ctx context.Context, db DB, lay func(table string) error, names []string) error {
	needs, err := p.needs(ctx, db)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	var want func(name string) error
	want = func(name string) error {
		if wanted[name] {
			return nil
		}
		wanted[name] = true
		reads, made := needs[name]
		if !made {
			return lay(name)
		}
		for _, n := range reads.needs {
			if err := want(n); err != nil {
				return err
			}
		}
		return nil
	}
	for _, name := range names {
		if err := want(name); err != nil {
			return err
		}
	}
	var steps []step
	for name, s := range needs {
		if wanted[name] {
			steps = append(steps, s)
		}
	}
	if steps, err = order(steps); err != nil {
		return err
	}
	return p.buildSteps(ctx, db, steps)
}

// needs are the steps that make each model and family, by name.
func (p *Project) needs(ctx context.Context, db DB) (map[string]step, error) {
	statements, err := parse(ctx, db, p.models)
	if err != nil {
		return nil, err
	}
	all := map[string]step{}
	for _, q := range p.models {
		all[q.name] = step{name: q.name, query: q, needs: statements[q].reads}
	}
	for _, f := range p.families() {
		s := step{name: f}
		for _, q := range p.family(f) {
			s.needs = append(s.needs, q.name)
		}
		all[f] = s
	}
	return all, nil
}
