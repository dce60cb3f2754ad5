package receipt

import (
	"fmt"

	"cp3/connectors/receipt/patch"
	"cp3/pipeline"
)

// The palette: dark ink on paper, one tint for what structures the page, and the
// colours of the statuses. Each has enough contrast to survive a black and white
// printer.
const (
	ink    = "1F2933"
	muted  = "64707D"
	hair   = "D5DBE1"
	tint   = "EEF2F5"
	linked = "1F5F8B"
	green  = "DDEFE3"
	amber  = "FBEFD0"
	rose   = "F9DEDA"
	slate  = "E3E9EF"

	greenInk = "1C5E36"
	amberInk = "7A4B00"
	roseInk  = "8E1B16"
	slateInk = "36475A"
)

// tone is a status's colours.
type tone struct{ paper, ink string }

func toneOf(s pipeline.Status) tone {
	switch s {
	case pipeline.Accepted:
		return tone{green, greenInk}
	case pipeline.Reserved:
		return tone{amber, amberInk}
	case pipeline.Rejected:
		return tone{rose, roseInk}
	}
	return tone{slate, slateInk}
}

// markColour is the colour of a severity's cells, on the page and in the workbook.
func markColour(s pipeline.Severity) string {
	switch s {
	case pipeline.Blocking:
		return patch.Red
	case pipeline.Error:
		return patch.Orange
	}
	return patch.Yellow
}

// font is a font of the page.
type font struct {
	size      float64
	bold      bool
	italic    bool
	underline bool
	colour    string
	name      string // "" is Calibri
}

// The fonts: found on Windows and on the Mac; Calibri has no Arabic letters.
const (
	latin  = "Calibri"
	arabic = "Arial"
	mono   = "Consolas"
)

func (f font) family() string {
	if f.name != "" {
		return f.name
	}
	return latin
}

func (f font) flags() string {
	s := ""
	if f.bold {
		s += "<b/>"
	}
	if f.italic {
		s += "<i/>"
	}
	if f.underline {
		s += "<u/>"
	}
	return s
}

// xml is the font as the style sheet has it.
func (f font) xml() string {
	return fmt.Sprintf(`<font>%s<sz val="%g"/><color rgb="FF%s"/><name val="%s"/><family val="2"/></font>`, f.flags(), f.size, f.colour, f.family())
}

// runXML is the font as a rich text has it.
func (f font) runXML() string {
	return fmt.Sprintf(`<rPr>%s<sz val="%g"/><color rgb="FF%s"/><rFont val="%s"/><family val="2"/></rPr>`, f.flags(), f.size, f.colour, f.family())
}

// run is a stretch of text in one font.
type run struct {
	text string
	font font
}

// look is how a cell of the page appears; the page adds the reading order.
type look struct {
	font   font
	fill   string
	border string // "below", "box" or ""
	across string // "", "center", "right"
	middle bool   // vertically centred; at the top otherwise
	indent int
	quoted bool
	single bool // kept on one line
}

func (l look) patch(rightToLeft bool) patch.Look {
	align := `vertical="top"`
	if l.middle {
		align = `vertical="center"`
	}
	if !l.single {
		align += ` wrapText="1"`
	}
	across := l.across
	if across == "" {
		// Excel's "general" alignment follows the first letter of the text: a French
		// line would jump to the other side of an Arabic page.
		across = "left"
	}
	if rightToLeft {
		align += ` readingOrder="2"`
		across = map[string]string{"left": "right", "right": "left", "center": "center"}[across]
	}
	align += ` horizontal="` + across + `"`
	if l.indent > 0 {
		align += fmt.Sprintf(` indent="%d"`, l.indent)
	}
	return patch.Look{Font: l.font.xml(), Fill: l.fill, Border: borderXML(l.border), Align: align, Quoted: l.quoted}
}

func borderXML(kind string) string {
	side := func(name, style, colour string) string {
		return `<` + name + ` style="` + style + `"><color rgb="FF` + colour + `"/></` + name + `>`
	}
	switch kind {
	case "below":
		return `<border><left/><right/><top/>` + side("bottom", "thin", hair) + `<diagonal/></border>`
	case "strong":
		return `<border><left/><right/><top/>` + side("bottom", "medium", slateInk) + `<diagonal/></border>`
	}
	return ""
}

var (
	bodyFont   = font{size: 10.5, colour: ink}
	strongFont = font{size: 10.5, bold: true, colour: ink}
	mutedFont  = font{size: 9.5, colour: muted}
	linkFont   = font{size: 10.5, underline: true, colour: linked}

	labelLook   = look{font: mutedFont, border: "below", middle: true}
	valueLook   = look{font: bodyFont, border: "below", middle: true}
	rightLabel  = look{font: mutedFont, border: "below", middle: true, across: "right", indent: 1}
	titleLook   = look{font: font{size: 13, bold: true, colour: slateInk}, border: "strong", middle: true}
	noteLook    = look{font: mutedFont, middle: true}
	headerLook  = look{font: font{size: 10, bold: true, colour: slateInk}, fill: tint, border: "below", middle: true}
	cellLook    = look{font: bodyFont, border: "below", middle: true}
	totalLook   = look{font: strongFont, border: "below", middle: true}
	linkLook    = look{font: linkFont, border: "below", middle: true, single: true}
	valueRead   = look{font: bodyFont, border: "below", middle: true, quoted: true}
	hashLook    = look{font: font{size: 9, colour: ink, name: mono}, border: "below", middle: true}
	calloutLook = look{font: bodyFont, fill: tint, middle: true, indent: 1}
)
