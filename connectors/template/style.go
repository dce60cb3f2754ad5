package template

import "github.com/xuri/excelize/v2"

// The palette is the answers' own: dark ink on paper, one family of blue greys,
// amber for what is missing. The required headers are the dark ones, so that they
// stand out on a black and white printer too.
const (
	ink      = "1F2933"
	muted    = "64707D"
	hair     = "D5DBE1"
	paper    = "FFFFFF"
	deep     = "36536E" // required headers
	tint     = "DFE7EE" // other headers
	faint    = "F4F6F8" // example row, locked places
	accent   = "1F5F8B"
	missing  = "FBEFD0"
	textFont = "Calibri"
)

// arabicFont has Arabic letters on Windows and on the Mac.
const arabicFont = "Arial"

// role is what a cell is for; its look follows.
type role uint8

const (
	plain role = iota
	titleRole
	noteRole
	countRole
	requiredHeader
	optionalHeader
	groupHeader
	totalRole
	exampleRole
	input
	formLabel
	formRequired
	formInput
	formLocked
	formHelp
	helpText
	helpTitle
	helpSection
	helpStep
	helpHead
	helpCell
	helpLink
	helpMissing
)

// style is a cell's role and the way its value is written.
type style struct {
	role   role
	format string // number format; "@" is text
	turned bool   // the text runs upwards
	centre bool
	arabic bool
}

func (s style) font() *excelize.Font {
	f := &excelize.Font{Family: textFont, Size: 10.5, Color: ink}
	if s.arabic {
		f.Family = arabicFont
	}
	switch s.role {
	case titleRole, helpTitle:
		f.Size, f.Bold, f.Color = 18, true, deep
	case noteRole, formHelp, totalRole:
		f.Color = muted
	case countRole:
		f.Bold, f.Color = true, deep
	case requiredHeader:
		f.Bold, f.Color = true, paper
	case optionalHeader, groupHeader, helpHead:
		f.Bold, f.Color = true, deep
	case exampleRole:
		f.Italic, f.Color = true, muted
	case formLabel, formRequired:
		f.Bold = true
	case helpSection:
		f.Size, f.Bold, f.Color = 13, true, deep
	case helpStep:
		f.Size, f.Bold, f.Color = 14, true, accent
	case helpLink:
		f.Color, f.Underline = accent, "single"
	}
	return f
}

func (s style) fill() string {
	switch s.role {
	case requiredHeader:
		return deep
	case optionalHeader, groupHeader, helpHead:
		return tint
	case exampleRole, formLocked:
		return faint
	case helpMissing:
		return missing
	}
	return ""
}

func (s style) border() []excelize.Border {
	line := func(sides ...string) []excelize.Border {
		var all []excelize.Border
		for _, side := range sides {
			all = append(all, excelize.Border{Type: side, Color: hair, Style: 1})
		}
		return all
	}
	switch s.role {
	case requiredHeader, optionalHeader, groupHeader, exampleRole, input, formInput, formLocked, totalRole:
		return line("left", "right", "top", "bottom")
	case formLabel, formRequired, helpCell, helpLink:
		return line("bottom")
	case helpSection:
		return []excelize.Border{{Type: "bottom", Color: deep, Style: 2}}
	}
	return nil
}

func (s style) align(rightToLeft bool) *excelize.Alignment {
	a := &excelize.Alignment{Vertical: "center", Horizontal: "left", WrapText: true}
	if rightToLeft {
		a.Horizontal, a.ReadingOrder = "right", 2
	}
	switch s.role {
	case input, exampleRole, plain, titleRole:
		a.WrapText = false
	case requiredHeader, optionalHeader, groupHeader, helpStep:
		a.Horizontal = "center"
	case formLabel, formRequired, formInput, formLocked, formHelp, helpCell, helpLink:
		a.Indent = 1
	}
	if s.centre {
		a.Horizontal = "center"
	}
	if s.turned {
		a.TextRotation, a.Vertical = 90, "bottom"
	}
	return a
}

// locked reports whether the cell is not to be typed in.
func (s style) locked() bool { return s.role != input && s.role != formInput && s.role != plain }

// style is the workbook's number for a style.
func (b *book) style(s style) int {
	if s.role != input && s.role != exampleRole && s.role != formInput {
		s.arabic = b.rightToLeft()
	}
	if id, ok := b.styles[s]; ok {
		return id
	}
	x := &excelize.Style{Font: s.font(), Border: s.border(), Alignment: s.align(b.rightToLeft()), Protection: &excelize.Protection{Locked: s.locked()}}
	if c := s.fill(); c != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}}
	}
	if s.format == "@" {
		x.NumFmt = 49
	} else if s.format != "" {
		format := s.format
		x.CustomNumFmt = &format
	}
	b.do(func() error {
		id, err := b.f.NewStyle(x)
		b.styles[s] = id
		return err
	})
	return b.styles[s]
}
