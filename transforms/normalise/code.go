package normalise

import (
	"strconv"
	"strings"
	"unicode"

	"cp3/connectors"
	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// Enough proposals to recognise one's own, few enough to be read.
const (
	proposals = 3
	choices   = 12
)

// list is the code list of the field: the one it names, or the one its type
// implies; nil when there is none.
func (r *reading) list() *connectors.CodeList {
	if r.field.List != "" {
		return r.env.Lists[r.field.List]
	}
	return r.env.Lists[impliedList[r.field.Type]]
}

var impliedList = map[connectors.FieldType]string{
	connectors.SexType:      "sex",
	connectors.YesNo:        "yes_no",
	connectors.Nationality:  "nationality",
	connectors.Institutions: "institution",
	connectors.Indicator:    "indicator",
	connectors.Locality:     "province",
}

// code reads a value of the field's code list. A closed list refuses what it
// does not know; an open one keeps it as written, and the member is told either
// way, with what it may have meant.
func (r *reading) code() Value {
	l := r.list()
	if c, ok := r.lookUp(l); ok {
		return coded(c)
	}
	near, open := r.nearest(l)
	switch {
	case open && near != "":
		r.warn("code.resembles", "nearest", near)
	case open:
		r.warn("code.unlisted", "allowed", r.allowed(l))
	case near != "":
		return r.refuse("code.misspelt", "nearest", near, "allowed", r.allowed(l))
	default:
		return r.refuse("code.unknown", "allowed", r.allowed(l))
	}
	return r.plainText()
}

// sex reads a person's sex. Members' codes are 1 for men and 2 for women.
func (r *reading) sex() Value {
	if c, ok := r.lookUp(r.list()); ok {
		return coded(c)
	}
	return r.refuse("sex.unknown")
}

// yesNo reads a yes or a no, a tick, or one followed by a comment.
func (r *reading) yesNo() Value {
	l := r.list()
	if r.cell.Kind == pipeline.BoolCell && l != nil {
		code := "non"
		if r.cell.Number != 0 {
			code = "oui"
		}
		if c, ok := l.Get(code); ok {
			return coded(c)
		}
	}
	if c, ok := r.lookUp(l); ok {
		return coded(c)
	}
	if c, ok := firstWord(l, r.shown()); ok {
		r.warn("yes_no.with_comment", "read", c.LabelLike(r.text))
		return coded(c)
	}
	return r.refuse("yes_no.unreadable")
}

// firstWord finds the code that the first word of a longer answer means: "Oui,
// depuis mars". A single letter is too little to go by, and "oui / non" is a
// question, not an answer.
func firstWord(l *connectors.CodeList, text string) (connectors.Code, bool) {
	words := strings.Fields(fold.Key(text))
	if l == nil || len(words) < 2 || len([]rune(words[0])) < 2 {
		return connectors.Code{}, false
	}
	first, ok := l.Find(words[0])
	for _, w := range words[1:] {
		if c, known := l.Find(w); known && c.Code != first.Code {
			return connectors.Code{}, false
		}
	}
	return first, ok
}

// lookUp finds the code of the text as a whole or, when it says the same thing
// twice ("1 - Homme", "أنثى / Femme", "Sénégal (SEN)"), the one code that all its
// parts mean.
func (r *reading) lookUp(l *connectors.CodeList) (connectors.Code, bool) {
	if l == nil {
		return connectors.Code{}, false
	}
	text := r.shown()
	if r.cell.Kind == pipeline.NumberCell && !r.cell.Percent {
		text = plain(r.cell.Number)
	}
	if c, ok := l.Find(text); ok {
		return c, true
	}
	words := strings.Fields(fold.Key(text))
	if len(words) < 2 || len(words) > mostWords {
		return connectors.Code{}, false
	}
	c, ok := saidTwice(l, words)
	if ok {
		r.note("note.said_twice")
	}
	return c, ok
}

// mostWords is more than two names of one thing take.
const mostWords = 16

// saidTwice cuts the words into runs that all have the same code.
func saidTwice(l *connectors.CodeList, words []string) (connectors.Code, bool) {
	for n := 1; n < len(words); n++ {
		c, ok := l.Find(strings.Join(words[:n], " "))
		if ok && allMean(l, c.Code, words[n:]) {
			return c, true
		}
	}
	return connectors.Code{}, false
}

// allMean reports whether the words can be cut into runs that mean code: reach[i]
// says it of the first i of them.
func allMean(l *connectors.CodeList, code string, words []string) bool {
	reach := make([]bool, len(words)+1)
	reach[0] = true
	for end := 1; end <= len(words); end++ {
		for start := 0; start < end && !reach[end]; start++ {
			if reach[start] {
				c, ok := l.Find(strings.Join(words[start:end], " "))
				reach[end] = ok && c.Code == code
			}
		}
	}
	return reach[len(words)]
}

func coded(c connectors.Code) Value {
	return Value{Text: c.Label.FR, Code: c.Code, Attrs: c.Attrs, Present: true}
}

// nearest are the labels the text resembles, and whether the list takes what it
// does not know.
func (r *reading) nearest(l *connectors.CodeList) (labels string, open bool) {
	if l == nil {
		return "", false
	}
	return r.labels(l.Nearest(r.shown(), proposals)), l.Open
}

// allowed are the labels of a short list, or the first ones of a long one.
func (r *reading) allowed(l *connectors.CodeList) string {
	if l == nil {
		return ""
	}
	if len(l.Codes) > choices {
		return r.labels(l.Codes[:choices]) + "…"
	}
	return r.labels(l.Codes)
}

// labels are the codes' labels in the script the member wrote in, so that they
// read like what was typed.
func (r *reading) labels(codes []connectors.Code) string {
	separator := ", "
	if strings.ContainsFunc(r.text, func(c rune) bool { return unicode.Is(unicode.Arabic, c) }) {
		separator = "، "
	}
	labels := make([]string, len(codes))
	for i, c := range codes {
		labels[i] = c.LabelLike(r.text)
	}
	return strings.Join(labels, separator)
}

// plain writes a number the way a person would: no exponent, no binary dust.
func plain(n float64) string {
	return strconv.FormatFloat(round(n), 'f', -1, 64)
}
