package suivi

import "github.com/xuri/excelize/v2"

// The workbook's colours. Women and men are told apart by colour-blind readers
// and in a black and white print; green, amber and red always come with a word.
const (
	ink       = "1B2A33" // text
	deep      = "12496B" // titles, headers
	band      = "E3EDF3" // result headings, key figures
	pale      = "F5F8FA" // lines by sex
	rule      = "B9C7D0" // borders
	muted     = "6B7A84" // notes, n.d.
	womenFill = "6A3D9A"
	menFill   = "2F9E8F"
	otherFill = "A9B4BB"
	good      = "1E7B4F"
	fair      = "B26A00"
	poor      = "B3261E"
)

const font = "Calibri"

// look is a cell's appearance; a workbook makes each one once.
type look struct {
	size             float64 // 0: 10
	bold, italic     bool
	underline        bool
	color, fill      string
	align, vertical  string // "": left, center
	wrap             bool
	indent           int
	format           string // number format; "": general
	top, bottom, box bool   // thin rules
	rightToLeft      bool
}

// The looks several sheets share.
var (
	title    = look{size: 18, bold: true, color: deep}
	subtitle = look{size: 11, color: muted}
	heading  = look{size: 12, bold: true, color: deep, bottom: true}
	header   = look{bold: true, color: "FFFFFF", fill: deep, align: "center", wrap: true, box: true}
	section  = look{size: 11, bold: true, color: deep, fill: band, box: true, align: "left", indent: 1}
	text     = look{box: true, wrap: true, align: "left", indent: 1}
	strong   = look{box: true, bold: true, align: "left", indent: 1}
	number   = look{box: true, align: "right", indent: 1}
	count    = look{box: true, align: "center", format: "#,##0"}
	note     = look{size: 9, italic: true, color: muted, wrap: true}
	plain    = look{wrap: true}
)

func (l look) with(change func(*look)) look {
	change(&l)
	return l
}

// shown is how a figure is shown: with the decimals it has, and its unit.
func (l look) shown(v *float64, percent bool) look {
	l.format = numberFormat(v, percent)
	return l
}

func (l look) style() *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: font, Size: 10, Bold: l.bold, Italic: l.italic, Color: ink},
		Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: "center", WrapText: l.wrap, Indent: l.indent},
	}
	if l.rightToLeft {
		s.Alignment.ReadingOrder = 2
	}
	if l.underline {
		s.Font.Underline = "single"
	}
	if l.size > 0 {
		s.Font.Size = l.size
	}
	if l.color != "" {
		s.Font.Color = l.color
	}
	if l.vertical != "" {
		s.Alignment.Vertical = l.vertical
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	for _, side := range []struct {
		name string
		on   bool
	}{{"left", l.box}, {"right", l.box}, {"top", l.box || l.top}, {"bottom", l.box || l.bottom}} {
		if side.on {
			s.Border = append(s.Border, excelize.Border{Type: side.name, Color: rule, Style: 1})
		}
	}
	return s
}
