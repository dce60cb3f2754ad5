package workbook

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// content is what a file holds, by its first bytes: names lie.
type content uint8

const (
	zipContent content = iota
	textContent
)

// signatures are the first bytes of what members send instead of a workbook.
var signatures = []struct {
	magic, code string
}{
	{"%PDF", "workbook.pdf"},
	{"\x89PNG", "workbook.image"},
	{"\xFF\xD8\xFF", "workbook.image"},
	{"GIF8", "workbook.image"},
	{"BM", "workbook.image"},
	{"II*\x00", "workbook.image"},
	{"MM\x00*", "workbook.image"},
	{"Rar!", "workbook.archive"},
	{"7z\xBC\xAF", "workbook.archive"},
	{"\x1F\x8B", "workbook.archive"},
	{"{\\rtf", "workbook.word"},
	{"\x09\x08\x10\x00", "workbook.old_format"}, // BIFF without its container
	{"\x09\x08\x08\x00", "workbook.old_format"},
	{"\x09\x04\x06\x00", "workbook.old_format"},
	{"\x09\x02\x06\x00", "workbook.old_format"},
	{"\x09\x00\x04\x00", "workbook.old_format"},
}

const compoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// recognise says what a file is, or refuses it.
func recognise(r io.ReaderAt, size int64, name string, lim *Limits) (content, error) {
	switch {
	case size == 0:
		return 0, refuse("workbook.empty")
	case size > lim.FileBytes:
		return 0, refuse("workbook.too_large", "size", megabytes(size), "limit", megabytes(lim.FileBytes))
	}
	head := make([]byte, min(size, 64<<10))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		if err == io.EOF { // the file shrank since its size was asked
			return 0, refuse("workbook.truncated")
		}
		return 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return zipContent, nil
	case bytes.HasPrefix(head, []byte("PK\x05\x06")), bytes.HasPrefix(head, []byte("PK\x07\x08")):
		return 0, refuse("workbook.archive")
	case bytes.HasPrefix(head, []byte(compoundFile)):
		return 0, compound(r, size)
	case len(bytes.Trim(head, "\x00")) == 0: // space was reserved, the copy never came
		return 0, refuse("workbook.truncated")
	}
	if bytes.HasPrefix(head, []byte("RIFF")) && len(head) > 12 && string(head[8:12]) == "WEBP" {
		return 0, refuse("workbook.image")
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) && !(s.magic == "BM" && isText(head)) {
			return 0, refuse(s.code)
		}
	}
	if code := markupCode(head); code != "" {
		return 0, refuse(code)
	}
	if !isText(head) || !tabular(head, name) {
		return 0, refuse("workbook.not_a_workbook")
	}
	return textContent, nil
}

// compound says what an OLE compound file holds: the old formats, or a new one
// behind a password. The names of its streams are searched for as they are
// written in its directory.
func compound(r io.ReaderAt, size int64) error {
	kinds := []struct{ stream, code string }{
		{"EncryptedPackage", "workbook.encrypted"},
		{"DRMEncryptedDataSpace", "workbook.encrypted"},
		{"Workbook", "workbook.old_format"},
		{"Book", "workbook.old_format"},
		{"WordDocument", "workbook.word"},
		{"PowerPoint Document", "workbook.slides"},
	}
	found := make([]bool, len(kinds))
	locked := false
	const window, overlap = 1 << 20, 128
	buf := make([]byte, window+overlap)
	for off := int64(0); off < size; off += window {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if err != nil && err != io.EOF {
			return err
		}
		for i, k := range kinds {
			found[i] = found[i] || bytes.Contains(buf[:n], directoryName(k.stream))
		}
		locked = locked || filePass(buf[:n])
		if n == 0 {
			break
		}
	}
	for i, k := range kinds {
		switch {
		case found[i] && k.code == "workbook.old_format" && locked:
			return refuse("workbook.encrypted")
		case found[i]:
			return refuse(k.code)
		}
	}
	return refuse("workbook.not_a_workbook")
}

// filePass reports whether a stream of the old format starts here and is behind a
// password: the record FILEPASS (2Fh) then follows the first one, BOF, and in some
// files WRITEPROT (86h) before it. A stream starts with a sector of the container.
func filePass(b []byte) bool {
	const sector = 512
	for i := 0; i+sector <= len(b); i += sector {
		s := b[i : i+sector]
		if s[0] != 0x09 || s[1] != 0x08 || s[4] != 0x00 || s[5] != 0x05 && s[5] != 0x06 || s[6] != 0x05 || s[7] != 0x00 {
			continue // not the globals of a workbook
		}
		at := 4 + int(s[2]) + int(s[3])<<8
		if at+4 <= sector && s[at] == 0x86 && s[at+1] == 0 {
			at += 4 + int(s[at+2]) + int(s[at+3])<<8
		}
		if at+2 <= sector && s[at] == 0x2F && s[at+1] == 0 {
			return true
		}
	}
	return false
}

// directoryName is a stream's name as a compound file's directory holds it:
// UTF-16 and a final zero.
func directoryName(s string) []byte {
	var b []byte
	for _, u := range append(utf16.Encode([]rune(s)), 0) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// markupCode is the refusal for XML and web pages, which other systems like to
// call .xls; "" for anything else.
func markupCode(head []byte) string {
	s := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head[:min(len(head), 4096)], []byte("\xEF\xBB\xBF")), " \t\r\n")))
	switch {
	case !strings.HasPrefix(s, "<"):
		return ""
	case strings.Contains(s, "urn:schemas-microsoft-com:office:spreadsheet"):
		return "workbook.xml_2003"
	case strings.Contains(s, "<html"), strings.Contains(s, "<table"), strings.HasPrefix(s, "<!doctype html"):
		return "workbook.html"
	case strings.Contains(s, "office:document"):
		return "workbook.ods"
	}
	return "workbook.not_a_workbook"
}

// isText reports whether bytes look like text, in UTF-16 or in anything that
// holds ASCII.
func isText(head []byte) bool {
	if utf16Order(head) != 0 {
		return true
	}
	odd := 0
	for _, c := range head {
		if c == 0 {
			return false
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			odd++
		}
	}
	return odd <= 1+len(head)/50
}

// tabular reports whether a text may be a table: it is called one, or its lines
// agree on a separator.
func tabular(head []byte, name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv":
		return true
	}
	if utf16Order(head) != 0 {
		var narrow []byte
		for i := 2; i+1 < len(head); i += 2 {
			narrow = append(narrow, head[i]|head[i+1])
		}
		head = narrow
	}
	_, table := sniffSeparator(head)
	return table
}
