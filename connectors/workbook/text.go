package workbook

import (
	"bytes"
	"html"
	"strconv"
	"unicode/utf8"
)

// blemish is what was wrong with a text that could be read all the same.
type blemish uint8

const (
	badCharacter blemish = 1 << iota // bytes that are no text: not UTF-8, or control characters
	badEntity                        // '&' that starts no entity of XML
	cutText                          // it was longer than maxText, and cut
)

// Classes of bytes of a text; plain is zero.
const (
	special   = 1 << iota // '&', control characters, carriage return: needs the long way
	high                  // not ASCII: UTF-8 to verify
	underline             // '_': may start an escape
	stop                  // '<'
)

var class = func() (t [256]uint8) {
	for i := range t {
		switch {
		case i == '<':
			t[i] = stop
		case i == '&', i < 0x20 && i != '\t' && i != '\n':
			t[i] = special
		case i == '_':
			t[i] = underline
		case i >= 0x80:
			t[i] = high
		}
	}
	return t
}()

// appendText appends the characters that raw, the inside of an element, stands
// for: entities and line ends resolved, bytes that are no text mended.
func appendText(dst, raw []byte) ([]byte, blemish) {
	var seen uint8
	for _, c := range raw {
		seen |= class[c]
	}
	if seen&special == 0 && (seen&high == 0 || utf8.Valid(raw)) {
		return append(dst, raw...), 0
	}
	return appendMended(dst, raw, true)
}

// appendLiteral is appendText for CDATA, where '&' is a character.
func appendLiteral(dst, raw []byte) ([]byte, blemish) {
	return appendMended(dst, raw, false)
}

func appendMended(dst, raw []byte, entities bool) ([]byte, blemish) {
	var bad blemish
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '&' && entities:
			var n int
			var b blemish
			dst, n, b = appendEntity(dst, raw[i:])
			bad |= b
			i += n
		case c == '\r':
			if i+1 == len(raw) || raw[i+1] != '\n' {
				dst = append(dst, '\n')
			}
			i++
		case c < 0x20 && c != '\t' && c != '\n':
			bad |= badCharacter
			i++
		case c < 0x80:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 {
				// A byte on its own is nearly always a letter of the old Western code page.
				r = windows1252(c)
				bad |= badCharacter
			} else if r == 0xFFFE || r == 0xFFFF {
				bad |= badCharacter
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		}
	}
	return dst, bad
}

// appendEntity resolves the entity at the start of raw and says how many bytes
// it takes. One that XML doesn't know is read as HTML's, or left as written.
func appendEntity(dst, raw []byte) ([]byte, int, blemish) {
	n := bytes.IndexByte(raw[:min(len(raw), 40)], ';')
	if n < 2 {
		return append(dst, '&'), 1, badEntity
	}
	name := raw[1:n]
	switch string(name) {
	case "amp":
		return append(dst, '&'), n + 1, 0
	case "lt":
		return append(dst, '<'), n + 1, 0
	case "gt":
		return append(dst, '>'), n + 1, 0
	case "quot":
		return append(dst, '"'), n + 1, 0
	case "apos":
		return append(dst, '\''), n + 1, 0
	}
	if name[0] == '#' {
		return appendCharRef(dst, raw[:n+1])
	}
	for _, c := range name {
		if class[c] != 0 || c == ' ' || c == '&' {
			return append(dst, '&'), 1, badEntity
		}
	}
	written := string(raw[:n+1])
	return append(dst, html.UnescapeString(written)...), n + 1, badEntity
}

// appendCharRef resolves "&#233;" or "&#xE9;", given whole.
func appendCharRef(dst, ref []byte) ([]byte, int, blemish) {
	digits, base := string(ref[2:len(ref)-1]), 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return append(dst, '&'), 1, badEntity
	}
	r := rune(min(v, utf8.MaxRune+1))
	if !utf8.ValidRune(r) || r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return dst, len(ref), badCharacter
	}
	return utf8.AppendRune(dst, r), len(ref), 0
}

// unescape resolves, in place from index from on, the escapes Excel uses for
// characters XML can't hold: _x000D_ is a carriage return, _x005F_ an underscore
// that must not start an escape. A character outside the first plane takes two.
func unescape(b []byte, from int) []byte {
	i := bytes.Index(b[from:], []byte("_x"))
	if i < 0 {
		return b
	}
	in := b[from+i:]
	out := b[:from+i]
	for len(in) > 0 {
		u, ok := escaped(in)
		if !ok {
			out = append(out, in[0]) // writes at or before where it reads
			in = in[1:]
			continue
		}
		n := 7
		if u >= 0xD800 && u < 0xDC00 {
			low, ok := escaped(in[7:])
			if ok && low >= 0xDC00 && low < 0xE000 {
				u = 0x10000 + (u-0xD800)<<10 + (low - 0xDC00)
				n = 14
			}
		}
		if u >= 0xD800 && u < 0xE000 { // half a pair: left as written
			out = append(out, in[0])
			in = in[1:]
			continue
		}
		in = in[n:]
		out = utf8.AppendRune(out, u)
	}
	return out
}

// escaped reads an escape at the start of b.
func escaped(b []byte) (rune, bool) {
	if len(b) < 7 || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	var u rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			u = u<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			u = u<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return u, true
}

// windows1252 is the character of a byte of the Western code page; U+FFFD for
// the five that have none.
func windows1252(c byte) rune {
	if c < 0x80 || c >= 0xA0 {
		return rune(c)
	}
	return []rune("€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ")[c-0x80]
}

// decimal reads an unsigned number of at most 9 digits, and nothing else.
func decimal(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// truth reads an xsd:boolean.
func truth(b []byte) bool {
	return string(b) == "1" || string(b) == "true" || string(b) == "on"
}

// pow10 are the powers a float64 holds exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads a decimal number as XML Schema writes it, and nothing else.
func number(b []byte) (float64, bool) {
	if f, n := leadingNumber(b); n > 0 && n == len(b) {
		return f, true
	}
	if !isNumber(b) {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(b), 64)
	return f, err == nil
}

// leadingNumber reads the number without exponent at the start of b and says how
// many bytes it takes; 0 when it is none, or has too many digits for this way: a
// mantissa below 2^53 and a power of ten up to 22 are both exact, so that one
// division rounds as it should.
func leadingNumber(b []byte) (float64, int) {
	i, neg := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg = b[0] == '-'
		i++
	}
	from := i
	var mant uint64
	for i < len(b) && b[i]-'0' < 10 {
		mant = mant*10 + uint64(b[i]-'0')
		i++
	}
	digits, frac := i-from, 0
	if i < len(b) && b[i] == '.' {
		from = i + 1
		for i = from; i < len(b) && b[i]-'0' < 10; i++ {
			mant = mant*10 + uint64(b[i]-'0')
		}
		frac = i - from
		digits += frac
	}
	if digits == 0 || digits > 19 || mant>>53 != 0 {
		return 0, 0
	}
	f := float64(mant)
	if frac > 0 {
		f /= pow10[frac]
	}
	if neg {
		f = -f
	}
	return f, i
}

// isNumber reports whether b is digits, with a sign, a point and an exponent or
// without: strconv also takes hexadecimal, infinities and underscores.
func isNumber(b []byte) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	digits, point := 0, false
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point:
			point = true
		default:
			return digits > 0 && exponent(b[i:])
		}
	}
	return digits > 0
}

// exponent reports whether b is "E+12" and nothing else.
func exponent(b []byte) bool {
	if b[0] != 'e' && b[0] != 'E' {
		return false
	}
	b = b[1:]
	if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		b = b[1:]
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
