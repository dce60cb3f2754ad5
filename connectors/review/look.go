package review

import "github.com/xuri/excelize/v2"

// The palette is the answers' own; green and rose say for and against, and the sign
// in the evidence says it without colour.
const (
	ink      = "1F2933"
	muted    = "64707D"
	hair     = "D5DBE1"
	paper    = "FFFFFF"
	deep     = "36536E"
	tint     = "DFE7EE"
	agrees   = "E4F2E7"
	differs  = "FBE5E1"
	asked    = "FFF8E1"
	textFont = "Calibri"
)

// look is how a cell looks.
type look struct {
	title, note, head, dark, input, centre, percent bool
	sign                                            int // 1 for, -1 against
}

func (b *book) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	s := &excelize.Style{Font: &excelize.Font{Family: textFont, Size: 10.5, Color: ink}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	if b.lang == "ar" {
		s.Alignment.ReadingOrder = 2
	}
	if l.centre {
		s.Alignment.Horizontal = "center"
	}
	if l.percent {
		s.NumFmt = 9
	}
	switch {
	case l.title:
		s.Font.Size, s.Font.Bold, s.Font.Color, s.Alignment = 18, true, deep, &excelize.Alignment{Vertical: "center"}
	case l.head:
		s.Font.Bold, s.Font.Color = true, deep
		s.Alignment.Vertical = "center"
		s.Fill = filled(tint)
		if l.dark {
			s.Font.Color, s.Fill = paper, filled(deep)
		}
	case l.input:
		s.Font.Bold, s.Fill = true, filled(asked)
	case l.sign > 0:
		s.Fill = filled(agrees)
	case l.sign < 0:
		s.Fill = filled(differs)
	}
	if l.note {
		s.Font.Color = muted
		s.Font.Size = 9.5
	}
	if l.title || l.note && !l.head {
		// the notes above the table run across it
		s.Alignment.WrapText = false
	}
	if !l.title && !l.note {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: hair, Style: 1})
		}
	}
	id, err := b.f.NewStyle(s)
	if err == nil {
		b.styles[l] = id
	}
	return id, err
}

func filled(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}
