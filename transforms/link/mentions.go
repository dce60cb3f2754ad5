package link

import (
	"cmp"
	"context"
	"fmt"

	"cp3/pipeline"
)

// mentionSpec is the pipeline's own spec: what a mention says of who it is. A
// document's number is compared within its type, a member's own number within the
// member; a province or, where it isn't known, a locality is a category.
var mentionSpec = Spec{ID: "mention_id", Columns: []Column{
	{Name: "given_name", Kind: GivenName},
	{Name: "family_name", Kind: FamilyName},
	{Name: "full_name", Kind: FullName},
	{Name: "birth_date", Kind: Date},
	{Name: "sex", Kind: Sex},
	{Name: "nationality", Kind: Nationality},
	{Name: "doc_number", Kind: Identifier, Within: "doc_type", Exclusive: true},
	{Name: "phone", Kind: Phone},
	{Name: "email", Kind: Email},
	{Name: "place", Kind: Category},
	{Name: "member_ref", Kind: Identifier, Within: "member"},
}}

// mentionColumns are the spec's columns of a mention m of submission s. Dates known
// to the year or the month are written as such.
const mentionColumns = `m.mention_id, m.given_name, m.family_name, m.full_name,
	case m.birth_precision
		when 'annee' then strftime(m.birth_date, '%Y')
		when 'mois' then strftime(m.birth_date, '%Y-%m')
		else strftime(m.birth_date, '%Y-%m-%d') end as birth_date,
	m.sex, m.nationality, coalesce(m.doc_type, 'AUTRE') as doc_type, m.doc_number, m.phone, m.email,
	coalesce(m.province, m.locality) as place, m.member_ref, s.member, s.seq`

// submissions that stand, or stood once.
const (
	standing = "s.status in ('acceptee', 'reserves')"
	stood    = "s.status in ('acceptee', 'reserves', 'remplacee')"
)

// Mentions links the mentions of the warehouse: the rows of table mention whose
// submission stands. Records of the result are mention ids. From Options.Reuse
// mentions on, what is learned and weighed is kept in the database for the next
// time; the result is the one that a database without any of it would give.
func Mentions(ctx context.Context, db DB, decisions []Decision, o Options) (*Result, error) {
	history, err := ledger(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("link: mentions: %w", err)
	}
	reuse := cmp.Or(o.Reuse, defaultReuse)
	end, n := referenceEnd(history, reuse)
	most := 0
	for _, f := range history {
		most += f.mentions
	}
	view := fmt.Sprintf(`create or replace temp view link_mention as select %s, s.seq > %[2]d as late, %[3]s as stands
		from mention m join submission s using (submission_id) left join submission r on r.submission_id = s.replaced_by
		where %[4]s and (s.seq > %[2]d or coalesce(r.seq, 1 << 30) > %[2]d)`, mentionColumns, end, standing, stood)
	if _, err := db.Conn().ExecContext(ctx, view); err != nil {
		return nil, fmt.Errorf("link: mentions: %w", err)
	}
	if n < reuse {
		if err := Forget(ctx, db); err != nil {
			return nil, err
		}
		return Run(ctx, db, Input{From: "(from link_mention where stands)", Decisions: decisions}, mentionSpec, o)
	}
	e := newEngine(db, mentionSpec, o)
	r, err := e.runKept(ctx, end, "link_mention", most, decisions)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	return r, nil
}

// ledger is the history of the submissions that stood, in their order.
func ledger(ctx context.Context, db DB) ([]filed, error) {
	var history []filed
	err := db.Fetch(ctx, `select s.seq, coalesce(m.n, 0), coalesce(r.seq, 0)
		from submission s left join (select submission_id, count(*) as n from mention group by submission_id) m using (submission_id)
		left join submission r on r.submission_id = s.replaced_by
		where `+stood+` order by s.seq`, func(row pipeline.QueryRow) error {
		history = append(history, filed{int(row.Int(0)), int(row.Int(1)), int(row.Int(2))})
		return nil
	})
	return history, err
}
