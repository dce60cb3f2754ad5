package suivi

import (
	"strconv"
	"strings"
)

// french writes a number inside a sentence: a decimal comma, thin spaces between
// thousands, at most so many decimals and none that are zero.
func french(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, rest, _ := strings.Cut(s, ".")
	rest = strings.TrimRight(rest, "0")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if rest != "" {
		rest = "," + rest
	}
	return sign + whole + rest
}
