package example

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"time"

	"cp3/pipeline"
)

// quickBook writes workbooks by the thousand: plain sheets as a program exports
// them, with shared strings and dates by style, and nothing of what excelize can
// do besides. It is some forty times faster.
type quickBook struct {
	sheets  []*quickSheet
	strings map[string]int
	texts   []string
}

type quickSheet struct {
	b    *quickBook
	name string
	xml  bytes.Buffer
}

func newQuickBook() *quickBook { return &quickBook{strings: map[string]int{}} }

const (
	mainNS      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	documentNS  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRels = "http://schemas.openxmlformats.org/package/2006/relationships"
	sheetType   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

func (b *quickBook) sheet(name string) *quickSheet {
	s := &quickSheet{b: b, name: name}
	fmt.Fprintf(&s.xml, "%s<worksheet xmlns=%q><sheetData>", xml.Header, mainNS)
	b.sheets = append(b.sheets, s)
	return s
}

// row writes a row's cells from column A on.
func (s *quickSheet) row(n int, cells ...value) {
	fmt.Fprintf(&s.xml, `<row r="%d">`, n)
	for i, v := range cells {
		if v.kind != empty {
			s.cell(pipeline.Ref(i+1, n), v)
		}
	}
	s.xml.WriteString("</row>")
}

func (s *quickSheet) cell(ref string, v value) {
	switch v.kind {
	case text:
		i, ok := s.b.strings[v.text]
		if !ok {
			i = len(s.b.texts)
			s.b.strings[v.text] = i
			s.b.texts = append(s.b.texts, v.text)
		}
		fmt.Fprintf(&s.xml, `<c r="%s" t="s"><v>%d</v></c>`, ref, i)
	case serial:
		fmt.Fprintf(&s.xml, `<c r="%s" s="1"><v>%d</v></c>`, ref, int(v.date.Time().Sub(day(1899, 12, 30).Time()).Hours()/24))
	default:
		fmt.Fprintf(&s.xml, `<c r="%s"><v>%s</v></c>`, ref, strconv.FormatFloat(v.number, 'f', -1, 64))
	}
}

func (s *quickSheet) end() { s.xml.WriteString("</sheetData></worksheet>") }

// bytes is the package, last saved at a time.
func (b *quickBook) bytes(saved time.Time) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range b.parts(saved) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(p.content); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type quickPart struct {
	name    string
	content []byte
}

func (b *quickBook) parts(saved time.Time) []quickPart {
	var types, sheets, rels bytes.Buffer
	parts := []quickPart{{}, {}, {}, {}} // named below, once the sheets are known
	for i, s := range b.sheets {
		name := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		fmt.Fprintf(&types, `<Override PartName="/xl/%s" ContentType="%sworksheet+xml"/>`, name, sheetType)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%s"/>`, i+1, documentNS, name)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(s.name), i+1, i+1)
		parts = append(parts, quickPart{"xl/" + name, s.xml.Bytes()})
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId98" Type="%s/styles" Target="styles.xml"/><Relationship Id="rId99" Type="%s/sharedStrings" Target="sharedStrings.xml"/>`, documentNS, documentNS)
	parts[0] = quickPart{contentTypes, fmt.Appendf(nil, `%s<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="%sstyles+xml"/>`+
		`<Override PartName="/xl/sharedStrings.xml" ContentType="%ssharedStrings+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>%s</Types>`,
		xml.Header, sheetType, sheetType, sheetType, types.Bytes())}
	parts[1] = quickPart{"_rels/.rels", fmt.Appendf(nil, `%s<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/>`+
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`, xml.Header, packageRels, documentNS)}
	parts[2] = quickPart{"xl/workbook.xml", fmt.Appendf(nil, `%s<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>`, xml.Header, mainNS, documentNS, sheets.Bytes())}
	parts[3] = quickPart{"xl/_rels/workbook.xml.rels", fmt.Appendf(nil, `%s<Relationships xmlns="%s">%s</Relationships>`, xml.Header, packageRels, rels.Bytes())}
	return append(parts, quickPart{"xl/styles.xml", []byte(quickStyles)}, quickPart{"xl/sharedStrings.xml", b.sharedStrings()},
		quickPart{"docProps/core.xml", fmt.Appendf(nil, quickCore, xml.Header, saved.UTC().Format(time.RFC3339))})
}

const quickCore = `%s<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/" ` +
	`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified></cp:coreProperties>`

// quickStyles has General, and dates as dd/mm/yyyy.
const quickStyles = xml.Header + `<styleSheet xmlns="` + mainNS + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
	`<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

func (b *quickBook) sharedStrings() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `%s<sst xmlns="%s" uniqueCount="%d">`, xml.Header, mainNS, len(b.texts))
	for _, t := range b.texts {
		out.WriteString(`<si><t xml:space="preserve">`)
		out.WriteString(escaped(t))
		out.WriteString("</t></si>")
	}
	out.WriteString("</sst>")
	return out.Bytes()
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
