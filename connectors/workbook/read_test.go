package workbook

import "testing"

// What a cell is, whatever way it is written.
func TestCells(t *testing.T) {
	tests := map[string]struct {
		rows   string
		shared []string
		want   string
	}{
		"shared string":    {rows: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>`, want: `1: A="nom" C=" Maroc "`},
		"number":           {rows: `<row r="2"><c r="B2"><v>12.5</v></c><c r="C2" t="n"><v>-3E2</v></c><c r="D2"><v> 7 </v></c></row>`, want: `2: B=12.5 C=-300 D=7`},
		"seventeen digits": {rows: `<row r="1"><c r="A1"><v>0.41176470588235292</v></c><c r="B1"><v>12345678901234567890</v></c></row>`, want: `1: A=0.4117647058823529 B=1.2345678901234567e+19`},
		"date by style":    {rows: `<row r="1"><c r="A1" s="1"><v>44196</v></c><c r="B1" s="3"><v>44196.5</v></c></row>`, want: `1: A=date(44196) B=date(44196.5)`},
		"percentage":       {rows: `<row r="1"><c r="A1" s="2"><v>0.41</v></c></row>`, want: `1: A=0.41%`},
		"boolean":          {rows: `<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>`, want: `1: A=bool(1) B=bool(0)`},
		"error":            {rows: `<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>`, want: `1: A=error(#REF!)`},
		"ISO date":         {rows: `<row r="1"><c r="A1" t="d"><v>2020-12-31T12:00:00</v></c><c r="B1" t="d"><v>1900-01-01</v></c></row>`, want: `1: A=date(44196.5) B=date(1)`},
		"inline":           {rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>Rabat</t></is></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> Salé </t></is></c></row>`, want: `1: A="Rabat" B=" Salé "`},
		"inline rich":      {rows: `<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>Ra</t></r><r><t>bat</t></r><rPh sb="0" eb="1"><t>phon</t></rPh></is></c></row>`, want: `1: A="Rabat"`},
		"inline in v":      {rows: `<row r="1"><c r="A1" t="inlineStr"><v>Rabat</v></c></row>`, want: `1: A="Rabat"`},
		"formula":          {rows: `<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="C1" t="str"><f>""</f><v></v></c></row>`, want: `1: A==2 B=="a" C==""`},
		"never computed":   {rows: `<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v/></c><c r="C1"><f>1+1</f><v></v></c></row>`, want: `1: A==empty B==empty C==empty`},
		"shared formula":   {rows: `<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1&gt;2</f><v>1</v></c></row><row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>`, want: "1: A==1\n2: A==4"},
		"entities":         {rows: `<row r="1"><c r="A1" t="str"><v>a &amp; b &lt;c&gt; &quot;&apos; &#233;&#xE9;</v></c></row>`, want: `1: A="a & b <c> \"' éé"`},
		"escapes":          {rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_b _x005F_x000D_ _xD83D__xDE00_ _xD83D_ _x12_</t></is></c></row>`, want: `1: A="a\rb _x000D_ 😀 _xD83D_ _x12_"`},
		"CDATA":            {rows: `<row r="1"><c r="A1" t="str"><v>a<![CDATA[ & <b> ]]>c</v></c></row>`, want: `1: A="a & <b> c"`},
		"comments":         {rows: `<!-- <row> --><row r="1"><!----><c r="A1"><v>1<!-- 2 -->3</v></c></row><?pi <row> ?>`, want: `1: A=13`},
		"line ends":        {rows: "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a\r\nb\rc</v></c></row>", want: `1: A="a\nb\nc"`},
		"without r":        {rows: `<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row r="5"><c><v>5</v></c></row><row><c t="s"><v>0</v></c></row>`, want: "1: A=1 C=3 D=4\n5: A=5\n6: A=\"nom\""},
		"empty style":      {rows: `<row r="1"><c r="A1" s=""><v>1</v></c><c r="B1" s="" t="s"><v>0</v></c></row>`, want: `1: A=1 B="nom"`},
		"blank cells":      {rows: `<row r="1"><c r="A1" s="1"/><c r="B1"></c><c r="C1" t="s"><v></v></c><c r="D1"><v>1</v></c></row><row r="2"><c r="A2"/></row><row r="3"/>`, want: `1: D=1`},
		"hidden row":       {rows: `<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="false"><c r="A2"><v>2</v></c></row>`, want: "1 hidden: A=1\n2: A=2"},
		"odd order":        {rows: `<row spans='1:2' r='1' ><c t = 's' r = 'A1' ><v>0</v ></c><c s="2" r="B1"><v>0.5</v></c></row >`, want: `1: A="nom" B=0.5%`},
		"prefix":           {rows: `<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row>`, want: `1: A="nom"`},
		"far column":       {rows: `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, want: `1048576: XFD=1`},
		"same twice":       {rows: `<row r="1"><c r="A1" r="A1"><v>1</v></c></row>`, want: `1: A=1`},
		"rich shared":      {rows: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`, shared: []string{`<r><t>Ra</t></r><r><t xml:space="preserve">bat </t></r><rPh sb="0" eb="1"><t>phon</t></rPh><phoneticPr fontId="1"/>`, `<t>a_x000A_b</t>`}, want: `1: A="Rabat " B="a\nb"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := oneSheet(test.rows)
			if test.shared != nil {
				p.shared(test.shared...)
			}
			got := readAll(t, p.zip(t), "essai.xlsx", Limits{})
			if s := show(got.Rows); s != test.want || len(got.Troubles) > 0 {
				t.Errorf("got\n%s\nwant\n%s\ntroubles %v", s, test.want, got.Troubles)
			}
		})
	}
}
