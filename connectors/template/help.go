package template

import (
	"fmt"
	"strings"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/xuri/excelize/v2"
)

// The columns of the instructions page.
const (
	helpMark = iota + 2
	helpName
	helpWhat
	helpMore
)

// instructions writes the one page a new focal point reads.
func (b *book) instructions() {
	p := &helpPage{book: b, sheet: b.helpName(), row: 1}
	for col, w := range map[int]float64{1: 2, helpMark: 6, helpName: 28, helpWhat: 52, helpMore: 66} {
		b.width(p.sheet, col, w)
	}
	p.heading()
	p.steps()
	p.sheetsTable()
	p.legend()
	p.text(b.say("help.habits"), 34)
	p.text(b.say("help.private"), 34)
	b.do(func() error {
		wide, high := 1, 1
		return b.f.SetPageLayout(p.sheet, &excelize.PageLayoutOptions{FitToWidth: &wide, FitToHeight: &high})
	})
	b.tab(p.sheet, muted)
	b.protect(p.sheet)
}

type helpPage struct {
	*book
	sheet string
	row   int
}

// line writes a line over the page's whole width.
func (p *helpPage) line(text string, height float64, s style) {
	p.span(p.sheet, helpMark, helpMore, p.row, p.row, s)
	p.set(p.sheet, helpMark, p.row, text, s)
	p.height(p.sheet, p.row, height)
	p.row++
}

func (p *helpPage) text(text string, height float64) { p.line(text, height, style{role: helpText}) }

func (p *helpPage) space(height float64) {
	p.height(p.sheet, p.row, height)
	p.row++
}

func (p *helpPage) heading() {
	p.line(p.spec.Name.In(p.lang), 36, style{role: helpTitle})
	id := p.say("help.name", "id", p.spec.Template.ID, "version", p.spec.Template.Version)
	if p.o.Structure != "" {
		id += "  ·  " + p.o.Structure
	}
	if !p.o.Period.IsZero() {
		id += "  ·  " + p.o.Period.String()
	}
	p.line(id, 20, style{role: noteRole})
	p.space(8)
}

func (p *helpPage) steps() {
	p.line(p.say("help.steps"), 26, style{role: helpSection})
	member := string(p.spec.Member)
	first := p.say("help.step1_none")
	if name := p.formName(); name != "" {
		first = p.say("help.step1", "form", name)
	}
	steps := []string{first, p.say("help.step2"), p.say("help.step3"), p.say("help.step4", "member", member), p.say("help.step5", "member", member)}
	for i, text := range steps {
		p.set(p.sheet, helpMark, p.row, i+1, style{role: helpStep})
		p.span(p.sheet, helpName, helpMore, p.row, p.row, style{role: helpText})
		p.set(p.sheet, helpName, p.row, text, style{role: helpText})
		p.height(p.sheet, p.row, 22)
		p.row++
	}
	p.space(10)
}

func (p *helpPage) formName() string {
	for i := range p.spec.Sheets {
		if s := &p.spec.Sheets[i]; s.Shape == connectors.Form {
			return p.sheetName(s)
		}
	}
	return ""
}

// sheetsTable says what goes on each sheet, with a link to it.
func (p *helpPage) sheetsTable() {
	p.line(p.say("help.sheets"), 26, style{role: helpSection})
	p.pair(p.say("help.sheet"), p.say("help.what"), p.say("help.required"), style{role: helpHead}, 20)
	for i := range p.spec.Sheets {
		s := &p.spec.Sheets[i]
		what := s.Title.In(p.lang)
		if note := s.Note.In(p.lang); note != "" {
			what += " : " + note
			if p.rightToLeft() {
				what = s.Title.AR + ": " + note
			}
		}
		required := p.requiredOf(s)
		name := p.sheetName(s)
		height := float64(max(wrapped(what, 52), wrapped(required, 66)))*14 + 8
		p.pair(name, what, required, style{role: helpCell}, height)
		row := p.row - 1
		p.set(p.sheet, helpMark, row, name, style{role: helpLink})
		p.do(func() error {
			return p.f.SetCellHyperLink(p.sheet, pipeline.Ref(helpMark, row), fmt.Sprintf("%s!A1", quoted(name)), "Location")
		})
	}
	p.space(10)
}

// pair writes a line of the table; the sheet's name takes two columns.
func (p *helpPage) pair(name, what, more string, s style, height float64) {
	p.span(p.sheet, helpMark, helpName, p.row, p.row, s)
	p.set(p.sheet, helpMark, p.row, name, s)
	p.set(p.sheet, helpWhat, p.row, what, s)
	p.set(p.sheet, helpMore, p.row, more, s)
	p.height(p.sheet, p.row, height)
	p.row++
}

func (p *helpPage) requiredOf(s *connectors.Sheet) string {
	var names []string
	for _, f := range s.Fields {
		if f.Required && !f.Unlisted {
			names = append(names, f.Label.In(p.lang))
		}
	}
	if len(names) == 0 {
		return p.say("help.none")
	}
	separator := ", "
	if p.rightToLeft() {
		separator = "، "
	}
	return strings.Join(names, separator)
}

// legend shows what the colours mean, in the colours themselves.
func (p *helpPage) legend() {
	p.line(p.say("help.legend"), 26, style{role: helpSection})
	for _, l := range []struct {
		key  string
		role role
	}{{"required", requiredHeader}, {"optional", optionalHeader}, {"missing", helpMissing}, {"example", exampleRole}} {
		p.span(p.sheet, helpMark, helpName, p.row, p.row, style{role: l.role, centre: true})
		p.set(p.sheet, helpMark, p.row, p.say("help.legend_"+l.key), style{role: l.role, centre: true, arabic: p.rightToLeft()})
		p.span(p.sheet, helpWhat, helpMore, p.row, p.row, style{role: helpCell})
		p.set(p.sheet, helpWhat, p.row, p.say("help.legend_"+l.key+"_text"), style{role: helpCell})
		p.height(p.sheet, p.row, 20)
		p.row++
	}
	p.space(10)
}
