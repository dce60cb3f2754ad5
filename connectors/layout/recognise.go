package layout

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// How a sheet was recognised.
type How string

// The ways, the surest first.
const (
	ByName     How = "name"     // its name, a title or an alias of the declaration
	ByCopy     How = "copy"     // the same with a number behind: "Formation (2)"
	ByLikeness How = "likeness" // a name that contains it, or nearly is it
	ByHeader   How = "header"   // only its columns say so
	Unknown    How = ""         // not at all
)

// Match is a sheet and the declaration it follows.
type Match struct {
	Sheet *Sheet
	Guide *Guide
	How   How
	List  *ListSheet // for a list or wide sheet
	Form  *FormSheet // for a form
}

// Unread is a sheet that is not read, and why: "own_sheet", "empty_sheet",
// "copied_sheet", "unknown_sheet", "no_header" or "transposed" (then Guide is what
// its name promised).
type Unread struct {
	Sheet *Sheet
	Why   string
	Guide *Guide
	Of    string // the sheet it copies
}

// Recognition is what a declaration makes of a workbook.
type Recognition struct {
	Matches []Match
	Unread  []Unread
	Score   int // columns understood on complete lists, for comparing declarations; forms are much the same everywhere
	Data    int // list and wide sheets whose required columns are all there
}

// Recognise compares a workbook's sheets with a declaration's.
func Recognise(sheets []*Sheet, guides []*Guide) Recognition {
	var r Recognition
	taken := map[*Guide]*Sheet{}
	var nameless []*Sheet
	order := map[*Sheet]int{}
	for i, s := range sheets {
		order[s] = i
		switch guide, how := byName(s.Name, guides); {
		case connectors.IsOwnSheet(s.Name):
			r.Unread = append(r.Unread, Unread{Sheet: s, Why: "own_sheet"})
		case s.Blank():
			r.Unread = append(r.Unread, Unread{Sheet: s, Why: "empty_sheet", Guide: guide})
		case guide == nil:
			nameless = append(nameless, s)
		default:
			r.named(s, guide, how, guides, taken)
		}
	}
	for _, s := range nameless {
		r.byHeader(s, guides, taken)
	}
	slices.SortStableFunc(r.Matches, func(a, b Match) int { return order[a.Sheet] - order[b.Sheet] })
	slices.SortStableFunc(r.Unread, func(a, b Unread) int { return order[a.Sheet] - order[b.Sheet] })
	return r
}

// named reads a sheet whose name says what it is, unless its columns say clearly
// that it is another.
func (r *Recognition) named(s *Sheet, g *Guide, how How, guides []*Guide, taken map[*Guide]*Sheet) {
	score, complete := g.fit(s)
	if !complete && how != ByName {
		if other, better := bestByHeader(s, guides, taken); other != nil && better > score {
			g, how = other, ByHeader
		}
	}
	r.take(s, g, how, taken)
}

// byHeader reads a sheet whose name says nothing.
func (r *Recognition) byHeader(s *Sheet, guides []*Guide, taken map[*Guide]*Sheet) {
	g, _ := bestByHeader(s, guides, taken)
	if g == nil {
		r.Unread = append(r.Unread, Unread{Sheet: s, Why: "unknown_sheet"})
		return
	}
	r.take(s, g, ByHeader, taken)
}

// Better is by how much another declaration's score must be higher than that of
// the folder's own to outweigh the folder: columns that can't be a coincidence.
const Better = 2

// nameScore is what a sheet's own name counts for, in columns.
const nameScore = 4

// take reads a sheet by a declaration.
func (r *Recognition) take(s *Sheet, g *Guide, how How, taken map[*Guide]*Sheet) {
	if first := taken[g]; first != nil && sameCells(first, s) {
		r.Unread = append(r.Unread, Unread{Sheet: s, Why: "copied_sheet", Guide: g, Of: first.Name})
		return
	}
	m := Match{Sheet: s, Guide: g, How: how}
	ok := false
	if g.Spec.Shape == connectors.Form {
		m.Form, ok = g.Form(s)
	} else {
		m.List, ok = g.List(s)
	}
	if _, complete := g.fit(s); m.Form == nil && !complete && g.turned(s) {
		r.Unread = append(r.Unread, Unread{Sheet: s, Why: "transposed", Guide: g})
		return
	}
	if !ok {
		r.Unread = append(r.Unread, Unread{Sheet: s, Why: "no_header", Guide: g})
		return
	}
	if taken[g] == nil {
		taken[g] = s
	}
	score, complete := g.fit(s)
	if complete && m.List != nil {
		r.Data++
		r.Score += score
		if how == ByName || how == ByCopy {
			r.Score += nameScore
		}
	}
	r.Matches = append(r.Matches, m)
}

// bestByHeader finds the declaration whose columns a sheet has; nil when none is
// complete or two are as good.
func bestByHeader(s *Sheet, guides []*Guide, taken map[*Guide]*Sheet) (best *Guide, score int) {
	tie := false
	for _, g := range guides {
		n, complete := g.fit(s)
		if !complete || n < 2 {
			continue
		}
		n *= 2
		if taken[g] == nil {
			n++ // a sheet still looked for, rather than a second one of its kind
		}
		switch {
		case n > score:
			best, score, tie = g, n, false
		case n == score:
			tie = true
		}
	}
	if tie {
		return nil, 0
	}
	return best, score / 2
}

// fit is how many of a declaration's columns (or labels) a sheet has, and whether
// it has all that are required.
func (g *Guide) fit(s *Sheet) (score int, complete bool) {
	if g.Spec.Shape == connectors.Form {
		f, ok := g.Form(s)
		for _, e := range f.Entries {
			if e.Strength >= Loose {
				score++
			}
		}
		return score, ok && score >= min(3, len(g.matcher.Fields))
	}
	t, ok := g.head(s)
	if !ok {
		return 0, false
	}
	special := 0
	for _, c := range t.Columns {
		switch {
		case c.Field != nil && c.Strength >= Typo:
			score++
		case c.Field == nil && c.meaningful():
			special++
		}
	}
	needsSpecial := g.Spec.Shape == connectors.Wide || g.Spec.Row == connectors.MeetingRow
	return score + min(special, 3), len(g.Missing(&t)) == 0 && score > 0 && (!needsSpecial || special > 0)
}

// Beyond these a sheet is no list turned on its side: its header would be a column
// of as many cells as the declaration has fields, each record a column.
const (
	turnedRows = 100
	turnedCols = 200
)

// turned reports whether a list lies on its side: headers down a column, a record
// in each column beside it.
func (g *Guide) turned(s *Sheet) bool {
	if g.Spec.Shape != connectors.List || g.Spec.Row == connectors.MeetingRow || len(s.Rows) > turnedRows {
		return false
	}
	byCol := map[int]*pipeline.Row{}
	t := &Sheet{Name: s.Name}
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if c.IsBlank() || c.Col > turnedCols {
				continue
			}
			if byCol[c.Col] == nil {
				byCol[c.Col] = &pipeline.Row{Number: c.Col}
			}
			number := c.Col
			c.Col = r.Number
			byCol[number].Cells = append(byCol[number].Cells, c)
		}
	}
	for _, col := range slices.Sorted(maps.Keys(byCol)) {
		t.Rows = append(t.Rows, *byCol[col])
	}
	_, complete := g.fit(t)
	return complete
}

// byName finds the declaration a sheet's name means.
func byName(name string, guides []*Guide) (*Guide, How) {
	key := fold.Key(name)
	base := fold.Key(withoutNumber(name))
	for _, try := range []struct {
		key string
		how How
	}{{key, ByName}, {base, ByCopy}} {
		for _, g := range guides {
			for _, n := range g.names() {
				if try.key != "" && try.key == n {
					return g, try.how
				}
			}
		}
	}
	return byLikeness(key, guides)
}

// byLikeness finds the one declaration whose name is part of a sheet's, or nearly
// the same.
func byLikeness(key string, guides []*Guide) (*Guide, How) {
	var found *Guide
	for _, g := range guides {
		if !slices.ContainsFunc(g.names(), func(n string) bool { return alike(key, n) }) {
			continue
		}
		if found != nil {
			return nil, Unknown
		}
		found = g
	}
	if found == nil {
		return nil, Unknown
	}
	return found, ByLikeness
}

func alike(key, name string) bool {
	if utf8.RuneCountInString(name) < 5 {
		return false
	}
	if strings.Contains(" "+key+" ", " "+name+" ") {
		return true
	}
	joined, other := strings.ReplaceAll(key, " ", ""), strings.ReplaceAll(name, " ", "")
	limit := typos(utf8.RuneCountInString(other)) - 1
	return limit > 0 && connectors.Distance(joined, other, limit) <= limit
}

// names are the folded names of a declaration's sheet.
func (g *Guide) names() []string {
	var out []string
	for _, n := range append([]string{g.Spec.Name, g.Spec.Title.FR, g.Spec.Title.AR}, g.Spec.Aliases...) {
		if k := fold.Key(n); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// withoutNumber drops what Excel and people put behind the name of a copy:
// "Formation (2)", "Formation 2", "Copie de Formation".
func withoutNumber(name string) string {
	name = strings.TrimSpace(name)
	if i := strings.LastIndexByte(name, '('); i > 0 && strings.HasSuffix(name, ")") {
		name = name[:i]
	}
	name = strings.TrimRight(name, " 0123456789-_")
	for _, prefix := range []string{"Copie de ", "Copy of "} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			name = rest
		}
	}
	return name
}

// sameCells reports whether two sheets hold the same.
func sameCells(a, b *Sheet) bool {
	return slices.EqualFunc(a.Rows, b.Rows, func(r, s pipeline.Row) bool {
		return r.Number == s.Number && slices.Equal(r.Cells, s.Cells)
	})
}
