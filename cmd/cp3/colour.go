package main

import (
	"regexp"

	"cp3/pipeline"
)

// colour is an ANSI attribute of a terminal. Everything it says is said in words
// too.
type colour string

const (
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
)

// paint colours a text on a terminal that may be coloured.
func (a *app) paint(c colour, text string) string {
	if !a.Color || text == "" || c == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// ownColour is a text that paint coloured, and nothing else.
var ownColour = regexp.MustCompile(`^\x1b\[\d+m[^\x00-\x1f\x7f-\x9f]*\x1b\[0m$`)

func severityColour(s pipeline.Severity) colour {
	if s == pipeline.Warning {
		return yellow
	}
	return red
}

func statusColour(s pipeline.Status) colour {
	switch s {
	case pipeline.Rejected:
		return red
	case pipeline.Reserved:
		return yellow
	case pipeline.Accepted:
		return green
	}
	return ""
}
