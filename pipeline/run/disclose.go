package run

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"cp3/pipeline"
	"cp3/transforms/disclose"
)

// publicSchema holds, in the warehouse, the tables after disclosure control until
// they are written.
const publicSchema = "public"

// telling is a release with what is kept of it.
type telling struct {
	release
	encoded []byte
}

// disclose begins to decide what the public may read of an edition, from what it read
// last, which takes as long as writing what the ministry reads and asks the database for
// nothing: the rest is done by the one who waits for it.
func (r *runner) disclose(ctx context.Context, e edition, tables []pipeline.Table, last release) (*promised[telling], error) {
	decide := func() (release, error) { return last, nil }
	if r.tellsAnew(last, e) {
		published, err := disclose.Read(ctx, r.db, tables)
		if err != nil {
			return nil, fmt.Errorf("disclose: %w", err)
		}
		decide = func() (release, error) { return r.tell(ctx, last, e, published) }
	}
	return promise(func() (now telling, err error) {
		if now.release, err = decide(); err == nil {
			now.encoded, err = now.encode()
		}
		return now, err
	}), nil
}

// settleRelease lays a release down where it is published from, and makes durable what the
// public knows by it, before it can read it: the next edition is protected against
// comparison with this one.
func (r *runner) settleRelease(ctx context.Context, e edition, now telling) error {
	if err := r.layDown(ctx, now.release); err != nil {
		return fmt.Errorf("disclose: %w", err)
	}
	return r.keepRelease(e.Number, now.encoded)
}

// tellsAnew reports whether an edition's own figures are for the public: the first
// ones are, then those of the first edition of each week, month or quarter.
func (r *runner) tellsAnew(last release, e edition) bool {
	return len(last.Tables) == 0 || r.Config.Disclosure.anew(last.Day, e.Day)
}

// tell is the release of an edition, or the last one where that can't be protected: the
// ministry reads its edition all the same, and the public what it read before.
func (r *runner) tell(ctx context.Context, last release, e edition, published disclose.Published) (release, error) {
	res, err := protect(ctx, published, disclose.Options{
		Threshold: r.Config.Disclosure.Threshold, Past: last.Told, Edition: e.Number, Day: e.Day, Every: r.Config.Disclosure.Every,
	})
	var open *disclose.Unprotectable
	var fault *faultError
	switch {
	case errors.As(err, &open), err == nil && !res.Report.Safe():
		r.Log.Error("nothing new for the public: this edition can't be protected", "edition", e.Number, "public", last.Edition)
		return last, nil
	case errors.As(err, &fault):
		r.Log.Error("nothing new for the public: a fault in cp3, to be reported with this", "edition", e.Number, "public", last.Edition,
			"fault", fault.Error(), "stack", fault.stack)
		return last, nil
	case err != nil:
		return last, fmt.Errorf("disclose: %w", err)
	}
	r.Log.Info("disclosure control", "edition", e.Number, "hidden", len(res.Report.Intervals), "narrowest", res.Report.Narrowest, "withheld", res.Withheld)
	one := release{Told: res.Told, Edition: e.Number, Day: e.Day}
	for _, t := range res.Tables {
		one.Tables = append(one.Tables, released{t.Table, t.Rows})
	}
	return one, nil
}

// faultError is a fault of the program itself, of the kind that stops it.
type faultError struct {
	value any
	stack string
}

func (f *faultError) Error() string { return fmt.Sprint(f.value) }

// protect is disclosure control. It is the one part of a night that others can do
// without: a fault in it must not cost the ministry its edition.
func protect(ctx context.Context, published disclose.Published, o disclose.Options) (res disclose.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &faultError{v, string(debug.Stack())}
		}
	}()
	return published.Public(ctx, o)
}

// layDown puts a release where it is published from.
func (r *runner) layDown(ctx context.Context, one release) error {
	if err := r.dropPublic(ctx); err != nil {
		return err
	}
	for _, t := range one.Tables {
		if err := r.db.WriteTable(ctx, t.laidDown(), slices.Values(t.Rows)); err != nil {
			return err
		}
	}
	return nil
}

func (t released) laidDown() pipeline.Table {
	one := t.Table
	one.Relation = publicSchema + "." + one.Name
	return one
}

// public are the tables of a release as publish knows them.
func (one release) public() (tables []pipeline.Table) {
	for _, t := range one.Tables {
		tables = append(tables, t.laidDown())
	}
	return tables
}

func (r *runner) dropPublic(ctx context.Context) error {
	if err := r.db.Exec(ctx, "drop schema if exists "+publicSchema+" cascade"); err != nil {
		return fmt.Errorf("disclose: %w", err)
	}
	return nil
}
