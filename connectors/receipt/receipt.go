// Package receipt writes what a focal point is told about one submission: the
// answer.
//
// An *answer* is the focal point's own workbook with a *page* put in front of it,
// the sheet "Accusé de réception", and a *mark* on each cell the page names: a
// colour for the severity, a comment with the same words as the page. Nothing
// else of the workbook changes, so that it can be corrected in place and dropped
// again. When it is, the earlier page, colours and comments are taken away before
// the new ones are put: answers replace each other, they don't pile up.
//
// The workbook can fail us (truncated, protected, too large, written by a program
// with its own ideas). Then the answer is the page alone, in a workbook of its
// own, and says so. Writing an answer never fails because of what was received.
//
// The page says things in the order in which they matter to the person reading
// it: what became of the file and what to do; proof of receipt; what will be
// published from it; who appears twice; what changed since last time; then the
// problems, what blocks most first. In Arabic the page is right-to-left and
// bilingual, Arabic first.
package receipt

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"time"

	"cp3/pipeline"
)

// Answer is everything the page says. Only Status, Received and Reading are
// needed; what is left out is not spoken of.
type Answer struct {
	Status pipeline.Status
	// Received is the proof of receipt; At is printed in its own location. Without a
	// Seq nothing was received: the page says that it is a check.
	Received pipeline.Received
	// Reading gives the header, the issues, the moves and the number of rows read.
	Reading    pipeline.Reading
	MemberName pipeline.Text
	// Lang is "fr" (the default), "en", or "ar": then the page is right-to-left and
	// bilingual, Arabic first.
	Lang string

	Kept       int // rows
	Refused    int // rows
	Duplicates int // rows that say again what another row says; read = kept + refused + duplicates

	// Contributions are what will be published from this file, in indicator order.
	Contributions []Contribution
	// SamePerson lists rows of this file that are one person.
	SamePerson []Same
	// Elsewhere are rows of this file whose person other members list too; the first
	// RowsListed of ElsewhereRows, when there are as many. Never
	// whose list, never which row there.
	Elsewhere     []pipeline.Origin
	ElsewhereRows int
	// Changes since the previous submission of the same identity; nil: it is the first.
	Changes *Changes
	// Repeated holds the indexes, in Reading.Issues, of errors that the previous
	// period's submission already had.
	Repeated map[int]bool
	// DoubleOf is the submission with the same content, for a Double; ReplacedBy the
	// one that took this one's place; Replaces the one whose place this one took.
	DoubleOf   *Other
	ReplacedBy *Other
	Replaces   *Other
	// Bridge leads from what the member declared to what is published.
	Bridge []Bridge
}

// checked reports whether the workbook was only checked, on somebody's machine.
func (a Answer) checked() bool { return a.Received.Seq == 0 }

// Contribution is what one indicator gets from this file. A nil value is "not
// reported", never zero.
type Contribution struct {
	Code        string // "1.2"
	Label       pipeline.Text
	Unit        string // "nombre" or "pourcentage", as in the catalogue of indicators
	Women       *float64
	Men         *float64
	NotDeclared *float64
	Total       *float64
}

// Same is one person found on several rows of this file.
type Same struct {
	Rows []pipeline.Origin
}

// Other names another submission of the same member.
type Other struct {
	Number   int // receipt number
	FileName string
	At       time.Time
}

// Changes is what a resubmission changed.
type Changes struct {
	Since                   Other
	Added, Removed, Changed int // rows
	Effects                 []Effect
}

// Effect is how a resubmission moves one indicator. A nil value is "not reported".
type Effect struct {
	Code          string
	Label         pipeline.Text
	Unit          string
	Before, After *float64
}

// Bridge explains, for one indicator and sex, the way from the declared total to
// the published value: Rows - Refused - OutOfPeriod - Duplicates - Elsewhere =
// Published.
type Bridge struct {
	Code        string
	Label       pipeline.Text
	Sex         pipeline.Sex
	Declared    *float64 // nil: nothing declared
	Rows        int      // rows of the list that speak of the indicator
	Refused     int
	OutOfPeriod int
	Duplicates  int // same person, inside this file
	Elsewhere   int // counted already with another file
	Published   int
}

// Limits keep an answer within what a small machine can write and Excel can open.
// A zero field takes its default.
type Limits struct {
	CopyBytes int64 // size of an original still copied into the answer; 16 MB
	PartBytes int64 // inflated size of a part of it that has to be rewritten; 128 MB
	Lines     int   // problems listed; 5,000
	Comments  int   // cells commented; 2,000
}

func (l Limits) withDefaults() Limits {
	if l.CopyBytes == 0 {
		l.CopyBytes = 16 << 20
	}
	if l.PartBytes == 0 {
		l.PartBytes = 128 << 20
	}
	if l.Lines == 0 {
		l.Lines = 5000
	}
	if l.Comments == 0 {
		l.Comments = 2000
	}
	return l
}

// Name is the file name of the answer to fileName: "liste T4.xlsx" is answered by
// "liste T4.RESERVES.xlsx". For a submission that was replaced or repeats another,
// give the status its content has by itself.
func Name(fileName string, s pipeline.Status) string {
	return fit(strings.TrimSuffix(fileName, path.Ext(fileName)), "."+suffix(s)+".xlsx")
}

// nameBytes is the longest name that file systems take, in bytes: half as many Arabic
// letters.
const nameBytes = 255

// fit shortens a name that has no room for its ending, in a way that keeps names
// apart.
func fit(stem, end string) string {
	if len(stem)+len(end) <= nameBytes {
		return stem + end
	}
	sum := sha256.Sum256([]byte(stem))
	end = "~" + hex.EncodeToString(sum[:4]) + end
	stem = stem[:nameBytes-len(end)]
	return strings.ToValidUTF8(stem, "") + end
}

// FullName keeps the extension of fileName, "liste T4.csv.RESERVES.xlsx", for a
// folder where another file has the same name up to the extension.
func FullName(fileName string, s pipeline.Status) string {
	return fit(fileName, "."+suffix(s)+".xlsx")
}

func suffix(s pipeline.Status) string {
	switch s {
	case pipeline.Rejected:
		return "REJETEE"
	case pipeline.Reserved:
		return "RESERVES"
	}
	return "ACCEPTEE"
}
