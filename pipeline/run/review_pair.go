package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline/store"
	"cp3/pipeline/wording"
	"cp3/transforms/link"
)

// pair finds a pair by what the command line says: a rank or an id of the list, or
// two rows.
func (s *study) pair(ctx context.Context, what []string) (Pair, error) {
	if s.db == nil {
		return Pair{}, ErrNothingPublished
	}
	if len(what) == 1 {
		return s.waiting(ctx, what[0])
	}
	a, err := s.mention(ctx, what[0])
	if err != nil {
		return Pair{}, err
	}
	b, err := s.mention(ctx, what[1])
	if err != nil {
		return Pair{}, err
	}
	if a == b {
		return Pair{}, &NoSuchPair{"this is one row twice: name two rows"}
	}
	return s.anyPair(ctx, a, b)
}

// waiting finds a pair of the list.
func (s *study) waiting(ctx context.Context, what string) (Pair, error) {
	all, err := s.questions(ctx)
	if err != nil {
		return Pair{}, err
	}
	for _, p := range all {
		if p.ID == what || strconv.Itoa(p.N) == what {
			p.Answer = s.answerTo(p) // as of now
			return p, nil
		}
	}
	if len(all) == 0 {
		return Pair{}, &NoSuchPair{fmt.Sprintf("no pair %q: none waits for a decision; any two rows can be named, as in: cp3 review show \"EN/liste.xlsx!Formation!12\" \"ANAPEC/liste.xlsx!Inscrits!7\"", what)}
	}
	return Pair{}, &NoSuchPair{fmt.Sprintf("no pair %q waits for a decision: cp3 review lists those that do, 1 to %d", what, len(all))}
}

// mention finds the standing mention of a row named FILE!SHEET!ROW, FILE being a
// path below depot/ or a receipt number.
func (s *study) mention(ctx context.Context, what string) (string, error) {
	parts := strings.Split(what, "!")
	if len(parts) < 3 {
		return "", &NoSuchPair{fmt.Sprintf("%q names no row: write FILE!SHEET!ROW, as in \"EN/liste.xlsx!Formation!12\"", what)}
	}
	file, sheet := strings.Join(parts[:len(parts)-2], "!"), parts[len(parts)-2]
	row, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return "", &NoSuchPair{fmt.Sprintf("%q: %q is no row number", what, parts[len(parts)-1])}
	}
	found, err := column[string](ctx, s.db.Conn(), `select mention_id from mention m join submission s using (submission_id)
		where s.status in ('acceptee', 'reserves') and (s.path = ? or s.seq::varchar = ?) and m.sheet = ? and m.row = ? order by s.seq desc`,
		file, file, sheet, row)
	if err != nil {
		return "", fmt.Errorf("review: %w", err)
	}
	if len(found) == 0 || s.buried(strings.SplitN(found[0], "/", 2)[0]) {
		return "", &NoSuchPair{fmt.Sprintf("nobody is mentioned at %q in the files in force: cp3 status lists them, cp3 explain their rows", what)}
	}
	return found[0], nil
}

// anyPair weighs two rows, certain or not: all is linked again, with the decisions
// taken so far.
func (s *study) anyPair(ctx context.Context, a, b string) (Pair, error) {
	result, err := s.relink(ctx)
	if err != nil {
		return Pair{}, err
	}
	partA, partB, err := result.Parts(ctx, a, b)
	if errors.Is(err, link.ErrDecided) {
		partA, partB, err = s.decidedParts(a, b)
	}
	if err != nil {
		return Pair{}, fmt.Errorf("review: %w", err)
	}
	if slices.Contains(partB, a) {
		partA, partB = partB, partA
	}
	q, err := result.Ask(ctx, partA, partB)
	if err != nil {
		return Pair{}, fmt.Errorf("review: %w", err)
	}
	if q.Pair, err = result.Explain(a, b); err != nil { // the rows that were named
		return Pair{}, fmt.Errorf("review: %w", err)
	}
	p := Pair{Merged: q.Merged, Weight: q.Weight, Probability: link.Probability(q.Weight), A: Side{mention: a}, B: Side{mention: b},
		evidence: q.Pair.Evidence, pairBits: q.Pair.Weight, partA: partA, partB: partB}
	p.Cautious = p.Weight > link.Band && !p.Merged
	for _, c := range q.Pair.Conflicts {
		p.Conflicts = append(p.Conflicts, s.conflict(c))
	}
	if p.ID, err = s.questionID(s.said, link.Question{Pair: link.Pair{A: a, B: b}}); err != nil && !errors.Is(err, sameWords{}) {
		return Pair{}, err
	}
	if err := errors.Join(result.Close(ctx), s.db.Exec(ctx, "use kept")); err != nil {
		return Pair{}, fmt.Errorf("review: %w", err)
	}
	if err := s.locate(ctx, []*Pair{&p}); err != nil {
		return Pair{}, err
	}
	p.Answer = s.answerTo(p)
	return p, s.effects(ctx, []*Pair{&p})
}

// decidedParts are the two sides of the decision that joins two rows; the rows
// alone when they were joined by several.
func (s *study) decidedParts(a, b string) (partA, partB []string, err error) {
	for _, d := range standing(s.pairs) {
		x, y := d.sidesOf(s.said)
		if d.Same && (slices.Contains(x, a) && slices.Contains(y, b) || slices.Contains(x, b) && slices.Contains(y, a)) {
			return x, y, nil
		}
	}
	return []string{a}, []string{b}, nil
}

func (s *study) conflict(c link.Conflict) string {
	return wording.Text(s.Config.Lang, "link.conflict."+c.Reason, map[string]string{"column": s.columnWord(c.Column)})
}

// relink links everything again, in memory.
func (s *study) relink(ctx context.Context) (*link.Result, error) {
	for _, q := range []string{"use memory",
		"create or replace table submission as from kept.main.submission",
		"create or replace table mention as select * from kept.main.mention where submission_id not in (select unnest([" +
			quotedList(slices.Sorted(maps.Keys(s.graves))) + "]::varchar[])) order by mention_id"} {
		if err := s.db.Exec(ctx, q); err != nil {
			return nil, fmt.Errorf("review: %w", err)
		}
	}
	if err := link.Copy(ctx, s.db, "kept"); err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	result, err := link.Mentions(ctx, s.db, linkDecisions(standing(s.pairs), s.said), link.Options{Version: s.Version, Reuse: s.Reuse})
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	return result, nil
}

// bars are a pair's waterfall with the words it compares.
func (s *study) bars(ctx context.Context, p Pair) ([]Bar, error) {
	a, err := s.words(ctx, p.A.mention)
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	b, err := s.words(ctx, p.B.mention)
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	if slices.ContainsFunc(p.evidence, func(e link.Evidence) bool { return e.Aspect == "order" }) {
		// Each bar shows what it compared: one's given name with the other's family name.
		b["given_name"], b["family_name"] = b["family_name"], b["given_name"]
	}
	var bars []Bar
	total := 0.0
	for _, e := range p.evidence {
		total += e.Bits
		named := e
		named.Column = s.columnWord(e.Column)
		bar := Bar{Text: named.Text(s.Config.Lang), Bits: e.Bits, Total: total, Strength: e.Strength(s.Config.Lang), A: a[e.Column], B: b[e.Column]}
		if e.Aspect == "order" {
			bar.A, bar.B = a["names"], b["names"]
		}
		bars = append(bars, bar)
	}
	return bars, nil
}

// columnWord is a column of mentions in the reader's words.
func (s *study) columnWord(column string) string {
	if column == "" {
		return ""
	}
	if word := wording.Text(s.Config.Lang, "review.column."+column, nil); word != "review.column."+column {
		return word
	}
	return column
}

// identifying are the columns of mention that say who a person is, as read.
var identifying = []string{"family_name", "given_name", "full_name", "sex", "birth_date", "birth_precision", "nationality", "status",
	"doc_type", "doc_number", "phone", "email", "locality", "province", "member_ref"}

// words are what one row says of who the person is, by compared column.
func (s *study) words(ctx context.Context, mention string) (map[string]string, error) {
	values := make([]string, len(identifying))
	into := make([]any, len(identifying))
	selected := make([]string, len(identifying))
	for i, c := range identifying {
		into[i], selected[i] = &values[i], "coalesce("+store.Ident(c)+"::varchar, '')"
	}
	err := s.db.Conn().QueryRowContext(ctx, "select "+strings.Join(selected, ", ")+" from kept.main.mention where mention_id = ?", mention).Scan(into...)
	if err != nil {
		return nil, err
	}
	said := map[string]string{}
	for i, c := range identifying {
		said[c] = values[i]
	}
	said["birth_date"] = shownDate(said["birth_date"], said["birth_precision"])
	said["nationality"] = s.label("nationality", said["nationality"])
	said["sex"] = s.label("sex", said["sex"])
	said["status"] = s.label("status", said["status"])
	said["doc_number"] = strings.TrimSpace(s.label("doc_type", said["doc_type"]) + " " + said["doc_number"])
	said["place"] = said["locality"]
	if said["province"] != "" {
		said["place"] = s.label("province", said["province"])
	}
	said["names"] = strings.TrimSpace(said["family_name"] + " " + said["given_name"])
	if said["full_name"] != "" {
		said["names"] = said["full_name"]
		for _, c := range []string{"family_name", "given_name"} {
			if said[c] == "" {
				said[c] = said["full_name"]
			}
		}
	}
	return said, nil
}

// shownDate is an ISO date as precise as it is known, day first.
func shownDate(iso, precision string) string {
	switch {
	case len(iso) < 10:
		return iso
	case precision == "annee":
		return iso[:4]
	case precision == "mois":
		return iso[5:7] + "/" + iso[:4]
	}
	return iso[8:10] + "/" + iso[5:7] + "/" + iso[:4]
}

// label is a code's label in the reader's language; the code when no list has it.
func (s *study) label(list, code string) string {
	if l := s.reader.Lists()[list]; l != nil {
		if c, ok := l.Get(code); ok {
			if s.Config.Lang == "ar" && c.Label.AR != "" {
				return c.Label.AR
			}
			return c.Label.FR
		}
	}
	return code
}
