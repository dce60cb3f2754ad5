package link

import (
	"context"
	"fmt"
)

// A night's new records are compared with those there before them, by the model
// that the reference taught; no other pair is touched. What makes a night equal to
// a run from scratch is that whether two records are compared, and what they weigh,
// depends on the reference and on the records that came before the later of the two,
// never on those after: the ledger's order numbers them, and a place in a large block
// is counted by those of the reference that stand before it.
// Clusters are made anew from all weights each time.

// runKept links the records of standing with what earlier runs kept, and keeps what
// this one adds. The reference, and what came later in the ledger's order (column
// seq), are relations with the spec's columns; standing's records are among theirs.
func (e *engine) runKept(ctx context.Context, end int, reference, later, standing string, decisions []Decision) (*Result, error) {
	state, known, err := e.resume(ctx, end)
	if err == nil && known {
		known, err = e.unchanged(ctx, reference, later)
	}
	if err != nil {
		return nil, err
	}
	if !known {
		e.blocked = nil
		if err := e.learnFrom(ctx, reference); err != nil {
			return nil, err
		}
		if err := e.remember(ctx, end); err != nil {
			return nil, err
		}
		_, state.Window = e.budget()
		state.Records = e.n
	}
	e.stage("add")
	if err := e.add(ctx, later, state); err != nil {
		return nil, fmt.Errorf("add: %w", err)
	}
	e.stage("cluster")
	if err := e.stand(ctx, standing); err != nil {
		return nil, fmt.Errorf("stand: %w", err)
	}
	return e.cluster(ctx, decisions)
}

// unchanged reports whether the records kept are all there and say what they said,
// and all of the reference is among them.
func (e *engine) unchanged(ctx context.Context, reference, later string) (bool, error) {
	var parts []string
	for i, from := range []string{reference, later} {
		values, err := e.values(ctx, from)
		if err != nil {
			return false, err
		}
		parts = append(parts, fmt.Sprintf("select id, %s as digest, %t as late from (select %s from %s)", e.digest(), i == 1, e.named(values), from))
	}
	var broken int
	err := e.conn.QueryRowContext(ctx, fmt.Sprintf(`with now as (%s union all %s)
		select count(*) from now full join linkage_mention was on was.id = now.id
		where now.id is null or was.digest <> now.digest or was.id is null and not late`, parts[0], parts[1])).Scan(&broken)
	return broken == 0, err
}

// add describes the later records that aren't kept yet, and compares each with those
// before it.
func (e *engine) add(ctx context.Context, later string, state learned) error {
	if err := e.showRecords(ctx); err != nil {
		return err
	}
	var first int
	if err := e.conn.QueryRowContext(ctx, "select count(*) from linkage_mention").Scan(&first); err != nil {
		return err
	}
	n, err := e.load(ctx, "(select * from "+later+" anti join linkage_mention k on k.id = mention_id)", first, "seq")
	if err != nil || n == 0 {
		return err
	}
	if err := e.exec(ctx, "insert into linkage_mention select n::integer, id, "+e.digest()+" from link_input order by n"); err != nil {
		return err
	}
	if err := e.describe(ctx); err != nil {
		return err
	}
	if err := e.rarities(ctx); err != nil {
		return err
	}
	if err := e.drop(ctx, "link_input", "link_base"); err != nil {
		return err
	}
	if err := e.exec(ctx, "create or replace temp table link_candidate (rule utinyint, a integer, b integer)"); err != nil {
		return err
	}
	for _, b := range e.blocked {
		if err := e.meet(ctx, b, first, state); err != nil {
			return err
		}
	}
	return e.scoreAdded(ctx, first, n)
}

// rarities adds the described records to link_record, with how rare their values
// are among the reference's.
func (e *engine) rarities(ctx context.Context) error {
	columns, joins := "b.*", ""
	for i, f := range e.fields {
		for _, ft := range features(f.Kind) {
			if !ft.frequency {
				continue
			}
			name := prefix(i) + ft.name
			if err := e.rarity(ctx, name, e.crowds[i], weigh*ft.prior); err != nil {
				return err
			}
			columns += fmt.Sprintf(", q_%[1]s.bits as q%[1]s", name)
			joins += fmt.Sprintf(" left join link_rare_%[1]s q_%[1]s on q_%[1]s.v = b.%[1]s and q_%[1]s.crowd = %[2]s", name, e.crowds[i])
		}
	}
	return e.exec(ctx, "insert into linkage_record by name select "+columns+" from link_base b"+joins+" order by n")
}

// rarity makes link_rare_<name> (v, crowd, bits) of the described records' values: of
// one that its crowd doesn't have in the reference, or nobody, what count says of
// none.
func (e *engine) rarity(ctx context.Context, name, crowd string, prior float64) error {
	return e.exec(ctx, fmt.Sprintf(`create or replace temp table link_rare_%[1]s as
		with said as (select distinct b.%[1]s as v, %[3]s as crowd from link_base b where b.%[1]s is not null),
		counts as (select c.* from %[2]s c where v in (select v from said)),
		size as (select crowd, max(size) as size from %[2]s group by crowd)
		select s.v, s.crowd, coalesce(q.bits, -log2(greatest(
			(greatest(coalesce(a.c, 0) - %[4]d, 0) + %[5]g) / (coalesce((select max(total) from %[2]s), 0) + %[6]d),
			%[5]g / (coalesce(z.size, 0) + %[6]d), 1e-9))) as bits
		from said s left join counts q on q.v = s.v and q.crowd = s.crowd
			left join (select v, max(c) as c from counts group by v) a on a.v = s.v
			left join size z on z.crowd = s.crowd`, name, e.table("count_"+name), crowd, own, prior, weigh))
}

// meet adds a rule's pairs of the records from first on, each with some before it:
// in a block that is small in the reference, with as many of its first ones as a
// window holds, so that a form's number that a thousand rows share costs each of
// them a window too.
func (e *engine) meet(ctx context.Context, rule blocking, first int, state learned) error {
	if err := e.exec(ctx, "create or replace temp table link_key as "+rule.keysSQL(first)); err != nil {
		return err
	}
	if err := e.keepKeys(ctx, rule.number); err != nil {
		return err
	}
	for _, query := range []string{
		fmt.Sprintf(`create or replace temp table link_met as
			select k.key, k.n, count(*) filter (k.n < %d) over (partition by k.key) > %d as cut
			from linkage_key k semi join link_key late on late.key = k.key where k.rule = %d`, state.Records, state.Window+1, rule.number),
		fmt.Sprintf(`insert into link_candidate
			with ranked as (select *, row_number() over (partition by key order by n) as rank from link_met where not cut)
			select distinct %d, l.n, r.n from ranked l join (from ranked where n >= %d) r on l.key = r.key and l.n < r.n
			where l.rank <= %d`, rule.number, first, state.Window+1),
	} {
		if err := e.exec(ctx, query); err != nil {
			return err
		}
	}
	return e.meetSorted(ctx, rule, first, state)
}

// meetSorted adds the pairs of blocks that are too large: a record with those of
// the reference that stand within half a window of where it would, and with some of
// those that came to the same place before it.
func (e *engine) meetSorted(ctx context.Context, rule blocking, first int, state learned) error {
	return e.exec(ctx, fmt.Sprintf(`insert into link_candidate
		with sorted as (
			select m.key, m.n, concat_ws(chr(1), %[5]s) as place from link_met m join link_record using (n) where m.cut),
		settled as (
			select key, n, place, row_number() over (partition by key order by place, n) as pos from sorted where n < %[2]d),
		late as (
			select s.key, s.n, coalesce(b.pos, 0) as pos from (from sorted where n >= %[2]d) s
			asof left join (select key, place, max(pos) as pos from settled group by key, place) b on s.key = b.key and s.place >= b.place),
		ranked as (select *, row_number() over (partition by key, pos order by n) as rank from late),
		added as (select *, unnest([pos // %[4]d - 1, pos // %[4]d, pos // %[4]d + 1]) as part from late where n >= %[3]d),
		pairs as (
			select l.n as a, r.n as b from settled l join added r on l.key = r.key and l.pos // %[4]d = r.part
			where abs(l.pos - r.pos) <= %[4]d // 2
			union all
			select l.n, r.n from ranked l join ranked r on l.key = r.key and l.pos = r.pos and l.n < r.n
			where l.rank <= %[4]d and r.n >= %[3]d)
		select distinct %[1]d, a, b from pairs`, rule.number, state.Records, first, state.Window, rule.order))
}

// scoreAdded weighs the candidate pairs of the n records from first on.
func (e *engine) scoreAdded(ctx context.Context, first, n int) error {
	var pairs int
	if err := e.conn.QueryRowContext(ctx, "select count(*) from link_candidate").Scan(&pairs); err != nil {
		return err
	}
	parts := pairs/chunk + 1
	for part := range parts {
		from, to := first+n*part/parts, first+n*(part+1)/parts
		if err := e.weighIn(ctx, fmt.Sprintf("select distinct a, b from link_candidate where b >= %d and b < %d", from, to)); err != nil {
			return err
		}
	}
	return e.drop(ctx, "link_candidate", "link_key", "link_met")
}

// stand numbers the records of a relation by their ids, and brings what is kept of
// them to these numbers.
func (e *engine) stand(ctx context.Context, from string) error {
	for _, query := range []string{
		"create or replace temp table link_standing as select k.n as kept, (row_number() over (order by k.id) - 1)::integer as n, k.id from " +
			from + " s join linkage_mention k on k.id = s." + ident(e.spec.ID) + " order by n",
		"create or replace temp view link_record as select s.n, r.* exclude (n) from linkage_record r join link_standing s on s.kept = r.n",
		"create or replace temp table link_pair as select least(l.n, r.n) as a, greatest(l.n, r.n) as b, weight, pull, conflict " + keptPairs("pair"),
	} {
		if err := e.exec(ctx, query); err != nil {
			return err
		}
	}
	var err error
	if e.ids, err = e.strings(ctx, "select id from link_standing order by n"); err != nil {
		return err
	}
	e.n = len(e.ids)
	return nil
}

// keptPairs joins kept pairs of standing records with their numbers.
func keptPairs(table string) string {
	return "from " + keptPrefix + table + " p join link_standing l on l.kept = p.a join link_standing r on r.kept = p.b"
}

// recallCompleted adds the pairs that completed components before, so far as they
// are in one that is to be completed.
func (e *engine) recallCompleted(ctx context.Context) error {
	if !e.kept {
		return nil
	}
	return e.exec(ctx, "insert into link_pair select least(l.n, r.n), greatest(l.n, r.n), weight, pull, conflict "+keptPairs("completed")+
		" join link_member m on m.n = l.n join link_member o on o.n = r.n and o.c = m.c where m.whole")
}

// keepCompleted keeps the pairs just weighed to complete components.
func (e *engine) keepCompleted(ctx context.Context) error {
	if !e.kept {
		return nil
	}
	return e.exec(ctx, `insert into linkage_completed select least(l.kept, r.kept), greatest(l.kept, r.kept), weight, pull, conflict
		from link_completed p join link_standing l on l.n = p.a join link_standing r on r.n = p.b order by all`)
}
