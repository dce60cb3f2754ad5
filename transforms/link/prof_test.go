package link

import (
	"cp3/pipeline/store"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestProf(t *testing.T) {
	f := os.Getenv("PROF")
	if f == "" {
		t.Skip()
	}
	ctx := t.Context()
	db, _ := store.Open(ctx, "", store.Options{})
	in, err := FromFile(ctx, db, f)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(os.Getenv("SPEC"))
	s, err := ParseSpec("x", b)
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	r, err := Run(ctx, db, in, s, Options{Progress: func(s string) { t.Logf("%6.2fs %s", time.Since(t0).Seconds(), s) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%6.2fs %s", time.Since(t0).Seconds(), "done")
	e := r.engine
	p := e.plan
	var n int
	cpu := func() float64 {
		var u syscall.Rusage
		syscall.Getrusage(0, &u)
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	run := func(name, q string) {
		c0 := cpu()
		if err := e.conn.QueryRowContext(ctx, q).Scan(&n); err != nil {
			t.Fatal(err)
		}
		t.Logf("%-40s %8.2fs %d", name, cpu()-c0, n)
	}
	run("distinct", "select count(*) from (select distinct a, b from link_candidate)")
	e.exec(ctx, "create temp table prof as select distinct a, b from link_candidate")
	q := p.query("select a, b from prof")
	for k, c := range p.comparisons {
		name := c.aspect
		if c.column >= 0 {
			name = p.fields[c.column].Name + c.aspect
		}
		run(name, fmt.Sprintf("select sum(g%d)::bigint from (%s)", k, q))
	}
	run("levels", "select sum(g0+g1+g2+g3+g4+g5+g6+g7+g8)::bigint from ("+q+")")
	run("tf", "select sum(t0+t1+t2+t3+t4+t5+t6+t7+t8)::bigint from ("+q+")")
	e.exec(ctx, "create temp table lev as "+q)
	run("m", "select sum(m)::bigint from ("+strings.ReplaceAll(e.weighed("select a, b from prof"), q[:0]+p.query("select a, b from prof"), "from lev")+")")
	run("weight", "select sum(weight)::bigint from ("+strings.ReplaceAll(e.weighed("select a, b from prof"), p.query("select a, b from prof"), "from lev")+")")
	run("conflict", "select sum(conflict::int)::bigint from ("+strings.ReplaceAll(e.weighed("select a, b from prof"), p.query("select a, b from prof"), "from lev")+")")
	run("all", "select sum(weight)::bigint from ("+e.weighed("select a, b from prof")+")")
}
