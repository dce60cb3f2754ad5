package run

import (
	"context"
	"errors"
	"fmt"

	"cp3/transforms/link"
)

// link decides which mentions are the same person and gives each person its id.
// Mentions of every submission that stands are linked together, within and across
// members. Pairs weighed in earlier nights aren't weighed again on a large archive,
// yet what a night finds is what one night with everything would have found. Only
// ids remember.
func (r *runner) link(ctx context.Context, e edition) error {
	r.Progress.Stage("link", 0)
	said, err := r.keepDescriptions(ctx)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	linked, err := r.clusters(ctx, said)
	if err != nil {
		return err
	}
	c, err := r.takeCensus(ctx, said, linked)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	learn := c.name()
	if err := r.keepChanges(ctx, e, c); err != nil {
		return err
	}
	buried, err := r.buriedPersons(ctx)
	if err != nil {
		return err
	}
	if err := c.write(ctx, buried); err != nil {
		return err
	}
	r.described = c.described()
	if err := r.learnIDs(ctx, learn); err != nil {
		return err
	}
	r.Log.Info("linked", "mentions", len(linked), "persons", len(c.ids))
	return nil
}

// clusters numbers, for each description, the person that its mention is of, and
// lays down what a human should decide.
func (r *runner) clusters(ctx context.Context, said []description) ([]int32, error) {
	if len(said) == 0 {
		return nil, r.layQuestions(ctx, nil, said) // nobody to link, nothing to learn from
	}
	if err := r.hideBuried(ctx); err != nil {
		return nil, err
	}
	result, err := link.Mentions(ctx, r.db, linkDecisions(standing(r.pairs), said), link.Options{Version: r.Version, Reuse: r.Reuse})
	if err != nil {
		return nil, err
	}
	clusters, err := numbered(result, said)
	if err == nil {
		err = r.layQuestions(ctx, result, said)
	}
	return clusters, errors.Join(err, result.Close(ctx), r.showBuried(ctx))
}

// numbered gives each description's cluster a number. Both are in the order of
// mentions.
func numbered(result *link.Result, said []description) ([]int32, error) {
	if len(result.IDs) != len(said) {
		return nil, fmt.Errorf("link: %d mentions linked of %d", len(result.IDs), len(said))
	}
	for i, mention := range result.IDs {
		if said[i].mention != mention {
			return nil, fmt.Errorf("link: mention %d of %d is another one", i+1, len(said))
		}
	}
	return result.Numbers(), nil
}
