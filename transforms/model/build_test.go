package model_test

import (
	"context"
	"testing"

	"cp3/pipeline/store"
	cp3sql "cp3/sql"
	"cp3/transforms/model"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := model.Load(cp3sql.Files)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Schema(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := p.Seed(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	if err := p.Build(ctx, db.Conn()); err != nil {
		t.Fatal(err)
	}
	f, err := p.Check(ctx, db.Conn())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range f {
		t.Log(f)
	}
}
