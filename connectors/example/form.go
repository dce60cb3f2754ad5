package example

import (
	"fmt"
	"strconv"
	"strings"

	"cp3/pipeline"
)

// formStyle is how a focal point fills in and decorates the rest of a workbook.
type formStyle struct {
	title     string // above the form; "" for none
	col       int    // the label's column, 1 when not said
	gap       int    // columns left empty between label and value
	yearText  bool   // the year as text
	quarter   string // how the quarter is written: "T%d" when not said
	totals    bool   // lists end with a total
	subtotals bool   // and have one by month
	extras    bool   // columns of the focal point's own
	copied    bool   // Formation goes on in Formation (2)
	second    bool   // and half of it in a second table under the first
}

// line is one line of a form.
type line struct {
	label string
	v     value
}

var quarterArabic = []string{"", "الفصل الأول", "الفصل الثاني", "الفصل الثالث", "الفصل الرابع"}

// formLines are what a centre or an agency says of itself.
func formLines(inArabic bool, kind string, p *Place, when pipeline.Period) []line {
	if inArabic {
		return []line{{"المركز", str(centreArabic[p.Name])}, {"الجهة", str("الرباط-سلا-القنيطرة")}, {"العمالة / الإقليم", str(cityArabic[p.City])},
			{"السنة", str(arabicDigits(fmt.Sprint(when.Year)), ArabicDigits)}, {"الفصل", str(quarterArabic[when.Quarter])}, {"نقطة الاتصال", str("نقطة الاتصال بالمركز")}}
	}
	label := "Structure (centre)"
	if kind == "agency" {
		label = "Agence"
	}
	return []line{{label, str(p.Name)}, {"Région", str(p.Region)}, {"Préfecture / province", str(p.Province)},
		{"Année", whole(when.Year)}, {"Trimestre", quarterValue(when, "")}, {"Point focal", str("Point focal du " + strings.ToLower(kind[:1]) + kind[1:])},
		{"Version de la maquette", str("2020.1")}}
}

func quarterValue(when pipeline.Period, form string) value {
	if when.Quarter == 0 {
		return value{}
	}
	if form == "" {
		form = "T%d"
	}
	return str(fmt.Sprintf(form, when.Quarter))
}

// form writes the identification sheet.
func (b *book) form(sheet string, f formStyle, lines []line) {
	b.sheet(sheet)
	row := 1
	if f.title != "" {
		b.put(sheet, 1, 1, str(f.title, TitleRows))
		b.heading(sheet, "A1", "A1", "title")
		row = 4
	}
	col := max(f.col, 1)
	for _, l := range lines {
		switch {
		case l.label == "Trimestre" && f.quarter != "" && l.v.kind != empty:
			q := strings.TrimPrefix(l.v.text, "T")
			l.v = str(strings.ReplaceAll(f.quarter, "%d", q))
		case l.label == "Année" && f.yearText:
			l.v = str(fmt.Sprint(int(l.v.number)), NumbersAsText)
		}
		b.put(sheet, col, row, str(l.label))
		b.style(sheet, pipeline.Ref(col, row), pipeline.Ref(col, row), "total", boldStyle)
		b.put(sheet, col+1+f.gap, row, l.v)
		row++
	}
	b.try(func() error {
		return b.x.SetColWidth(sheet, pipeline.ColumnName(col), pipeline.ColumnName(col+1+f.gap), 28)
	})
}

// summary writes the declared totals, Total being a formula.
func (b *book) summary(sheet string, w wording, figures []figure) {
	b.sheet(sheet)
	heads := []string{"Code", "Indicateur", "Femmes", "Hommes", "Total"}
	if b.hand.arabic {
		heads = []string{"الرمز", "المؤشر", "الإناث", "الذكور", "المجموع"}
	}
	for i, h := range heads {
		if w == shouted {
			h = upper(h)
		}
		b.put(sheet, i+1, 1, str(h))
	}
	b.heading(sheet, "A1", "E1", "header")
	for i, f := range figures {
		row := i + 2
		b.put(sheet, 1, row, codeValue(f.code, w))
		b.put(sheet, 2, row, str(f.label))
		b.put(sheet, 3, row, whole(f.women))
		b.put(sheet, 4, row, whole(f.men))
		b.put(sheet, 5, row, sum(fmt.Sprintf("C%d+D%d", row, row), f.women+f.men))
	}
	b.try(func() error { return b.x.SetColWidth(sheet, "B", "B", 46) })
}

// codeValue is an indicator's code; who types 1.2 without thinking gets a number.
func codeValue(code string, w wording) value {
	if n, err := strconv.ParseFloat(code, 64); err == nil && w == shouted {
		return value{kind: number, number: n, habits: []Habit{TextAsNumbers}}
	}
	return str(code)
}
