package receipt

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// problem is one issue as the page and the comments say it.
type problem struct {
	pipeline.Issue
	index    int // in Reading.Issues
	repeated bool
	same     int // how many issues of the file have its code
	sheet    int // position of its sheet in the workbook; the whole file comes first
	col, row int
	said     []said // what was asked for
}

// said is what a language says of a problem. The page and the comment say the same.
type said struct{ lang, text, action string }

// problems are the issues in the order in which to mend them: by severity, then
// the trouble met most often, then from the first sheet to the last, top to bottom.
func problems(a Answer, sheets []string) []*problem {
	position := map[string]int{"": -1}
	for i, s := range sheets {
		position[s] = i
	}
	count := map[string]int{}
	for _, i := range a.Reading.Issues {
		count[i.Code]++
	}
	list := make([]*problem, len(a.Reading.Issues))
	for n, i := range a.Reading.Issues {
		at, known := position[i.Sheet]
		if !known {
			at = len(sheets)
		}
		list[n] = &problem{Issue: i, index: n, repeated: a.Repeated[n], same: count[i.Code], sheet: at}
		list[n].col, list[n].row, _ = pipeline.ParseRef(i.Cell)
	}
	slices.SortStableFunc(list, order)
	return list
}

// order is that in which to mend two problems.
func order(p, q *problem) int {
	return cmp.Or(
		cmp.Compare(p.Severity.Rank(), q.Severity.Rank()),
		cmp.Compare(q.same, p.same),
		cmp.Compare(p.Code, q.Code),
		cmp.Compare(p.sheet, q.sheet),
		cmp.Compare(p.row, q.row),
		cmp.Compare(p.col, q.col))
}

// args are the values of the problem's text, its place among them.
func (p *problem) args(lang string) map[string]string {
	m := map[string]string{"value": p.Value, "field": p.Field, "cell": p.Cell, "sheet": p.Sheet}
	for k, v := range p.Args {
		m[k] = v
	}
	m["field"] = columnTitle(lang, m["field"])
	return m
}

// columnTitle is a column's title as a sentence names it: without the asterisk of
// a required column, and of a title in both scripts the half in the sentence's.
func columnTitle(lang, title string) string {
	if !strings.ContainsFunc(title, isArabic) {
		return strings.TrimSpace(strings.ReplaceAll(title, " *", ""))
	}
	var latin, arabic []string
	for _, word := range strings.Fields(strings.ReplaceAll(title, "*", " ")) {
		if strings.ContainsFunc(word, isArabic) {
			arabic = append(arabic, word)
		} else {
			latin = append(latin, word)
		}
	}
	half := strings.Trim(strings.Join(latin, " "), " /|-–—:")
	hasLetter := strings.ContainsFunc(half, unicode.IsLetter)
	switch {
	case !hasLetter:
		return strings.TrimSpace(strings.ReplaceAll(title, " *", ""))
	case lang == "ar":
		return strings.Join(arabic, " ")
	}
	return half
}

func isArabic(r rune) bool { return r > 0x24F && unicode.Is(unicode.Arabic, r) }

func (p *problem) field(v voice) string { return columnTitle(v.lang, p.Field) }

// in is what a language says of the problem.
func (p *problem) in(lang string) said {
	for _, s := range p.said {
		if s.lang == lang {
			return s
		}
	}
	args := p.args(lang)
	s := said{lang, wording.Problem(lang, p.Code, args), wording.Action(lang, p.Code, args)}
	p.said = append(p.said, s)
	return s
}

// text is what is wrong.
func (p *problem) text(v voice) phrase {
	return v.both(func(lang string) string { return p.in(lang).text })
}

// action is what to do about it.
func (p *problem) action(v voice) phrase {
	return v.both(func(lang string) string { return p.in(lang).action })
}

func (p *problem) severity(v voice) phrase {
	return v.both(func(lang string) string { return wording.Text(lang, "severity."+string(p.Severity), nil) })
}

// comment is what the cell's comment says of the problem: the same words as the
// page, in the page's language and, on a bilingual one, in French.
func (p *problem) comment(v voice) string {
	say := func(lang string) string {
		head := capital(wording.Text(lang, "severity."+string(p.Severity), nil))
		if p.Field != "" {
			head += " — " + columnTitle(lang, p.Field)
		}
		parts := []string{head, p.in(lang).text}
		if action := p.in(lang).action; action != "" {
			parts = append(parts, wording.Text(lang, "receipt.comment.action", map[string]string{"action": action}))
		}
		if p.repeated {
			parts = append(parts, wording.Text(lang, "receipt.repeated", nil))
		}
		return strings.Join(parts, "\n")
	}
	if v.bilingual() {
		return say("ar") + "\n\n" + say("fr")
	}
	return say(v.lang)
}

// clip shortens a text that would fill a page.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}
