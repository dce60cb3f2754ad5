package receipt

import (
	"sort"
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
}

// problems are the issues in the order in which to mend them: by severity, then
// the trouble met most often, then from the first sheet to the last, top to bottom.
func problems(a Answer, sheets []string) []problem {
	position := map[string]int{"": -1}
	for i, s := range sheets {
		position[s] = i
	}
	count := map[string]int{}
	for _, i := range a.Reading.Issues {
		count[i.Code]++
	}
	list := make([]problem, len(a.Reading.Issues))
	for n, i := range a.Reading.Issues {
		at, known := position[i.Sheet]
		if !known {
			at = len(sheets)
		}
		list[n] = problem{Issue: i, index: n, repeated: a.Repeated[n], same: count[i.Code], sheet: at}
		list[n].col, list[n].row, _ = pipeline.ParseRef(i.Cell)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].before(list[j]) })
	return list
}

func (p problem) before(q problem) bool {
	switch {
	case p.Severity.Rank() != q.Severity.Rank():
		return p.Severity.Rank() < q.Severity.Rank()
	case p.same != q.same:
		return p.same > q.same
	case p.Code != q.Code:
		return p.Code < q.Code
	case p.sheet != q.sheet:
		return p.sheet < q.sheet
	case p.row != q.row:
		return p.row < q.row
	}
	return p.col < q.col
}

// args are the values of the problem's text, its place among them.
func (p problem) args(lang string) map[string]string {
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
	var latin, arabic []string
	for _, word := range strings.Fields(strings.ReplaceAll(title, "*", " ")) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
			arabic = append(arabic, word)
		} else {
			latin = append(latin, word)
		}
	}
	half := strings.Trim(strings.Join(latin, " "), " /|-–—:")
	hasLetter := strings.ContainsFunc(half, unicode.IsLetter)
	switch {
	case len(arabic) == 0 || !hasLetter:
		return strings.TrimSpace(strings.ReplaceAll(title, " *", ""))
	case lang == "ar":
		return strings.Join(arabic, " ")
	}
	return half
}

func (p problem) field(v voice) string { return columnTitle(v.lang, p.Field) }

// text is what is wrong.
func (p problem) text(v voice) phrase {
	return v.both(func(lang string) string { return wording.Problem(lang, p.Code, p.args(lang)) })
}

// action is what to do about it.
func (p problem) action(v voice) phrase {
	return v.both(func(lang string) string { return wording.Action(lang, p.Code, p.args(lang)) })
}

func (p problem) severity(v voice) phrase {
	return v.both(func(lang string) string { return wording.Text(lang, "severity."+string(p.Severity), nil) })
}

// comment is what the cell's comment says of the problem: the same words as the
// page, in the page's language and, on a bilingual one, in French.
func (p problem) comment(v voice) string {
	say := func(lang string) string {
		head := capital(wording.Text(lang, "severity."+string(p.Severity), nil))
		if p.Field != "" {
			head += " — " + columnTitle(lang, p.Field)
		}
		parts := []string{head, wording.Problem(lang, p.Code, p.args(lang))}
		if action := wording.Action(lang, p.Code, p.args(lang)); action != "" {
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
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}
