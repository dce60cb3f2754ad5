package run

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed cp3.yaml
var configTemplate string

// ConfigText is a commented cp3.yaml, valid as generated: lang set, and the
// expectations given, or a commented example of them.
func ConfigText(lang string, expect []Expectation) string {
	return strings.NewReplacer("{{lang}}", lang, "{{expectations}}", expectationsText(expect)).Replace(configTemplate)
}

func expectationsText(expect []Expectation) string {
	if len(expect) == 0 {
		return `expectations: []
#  - member: EN
#    structures: [CFA Akkari]   # none: one report for the member as a whole
#    every: quarter             # or year
#    from: 2021-T1
#    to: 2021-T4
#    days: 15                   # days left after the period's end`
	}
	var b strings.Builder
	b.WriteString("expectations:")
	for _, e := range expect {
		fmt.Fprintf(&b, "\n  - member: %s\n", e.Member)
		if len(e.Structures) > 0 {
			b.WriteString("    structures:\n")
			for _, s := range e.Structures {
				fmt.Fprintf(&b, "      - %q\n", s)
			}
		}
		fmt.Fprintf(&b, "    every: %s\n    from: %q\n    to: %q\n    days: %d", e.Every, e.From, e.To, e.Days)
	}
	return b.String()
}
