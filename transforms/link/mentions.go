package link

import (
	"context"
	"fmt"
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

// mentionView selects the mentions that count: those of submissions that stand.
// Dates known to the year or the month are written as such.
const mentionView = `create or replace temp view link_mention as
select m.mention_id, m.given_name, m.family_name, m.full_name,
	case m.birth_precision
		when 'annee' then strftime(m.birth_date, '%Y')
		when 'mois' then strftime(m.birth_date, '%Y-%m')
		else strftime(m.birth_date, '%Y-%m-%d') end as birth_date,
	m.sex, m.nationality, coalesce(m.doc_type, 'AUTRE') as doc_type, m.doc_number, m.phone, m.email,
	coalesce(m.province, m.locality) as place, m.member_ref, s.member
from mention m join submission s using (submission_id)
where s.status in ('acceptee', 'reserves')`

// Mentions links the mentions of the warehouse: the rows of table mention whose
// submission stands. Records of the result are mention ids.
func Mentions(ctx context.Context, db DB, decisions []Decision, o Options) (*Result, error) {
	if _, err := db.Conn().ExecContext(ctx, mentionView); err != nil {
		return nil, fmt.Errorf("link: mentions: %w", err)
	}
	return Run(ctx, db, Input{From: "link_mention", Decisions: decisions}, mentionSpec, o)
}
