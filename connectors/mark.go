package connectors

import (
	"strings"

	"cp3/pipeline/fold"
)

// The marks cp3 leaves in the workbooks it hands out, so that it knows its own
// when they come back. Template and receipt write them, the reader looks for them.
const (
	TemplateProperty = "cp3_template" // custom document property and defined name: the template's id
	VersionProperty  = "cp3_version"  // custom document property and defined name: its version
	ReceiptName      = "cp3_receipt"  // defined name of cell A1 of the answer's sheet
	CommentAuthor    = "cp3"          // author of the answer's comments

	ReceiptSheet = "Accusé de réception" // first sheet of an answer
	HelpSheet    = "Mode d'emploi"       // instructions of a French template
	HelpSheetAR  = "دليل الاستعمال"      // instructions of an Arabic template
	ListsSheet   = "_listes"             // hidden sheet of a template: what the drop-down lists offer

	// RowNumberLabel heads the narrow first column of a template's list; the
	// example row has ExampleFR or ExampleAR there instead of a number.
	RowNumberLabel = "N°"
	ExampleFR      = "Exemple"
	ExampleAR      = "مثال"
)

// IsOwnSheet reports whether a sheet of that name was written by cp3 for people to
// read and holds nothing to ingest: an answer, instructions, lists. A copy that
// Excel numbered, "Mode d'emploi (2)", is one too.
func IsOwnSheet(name string) bool {
	if i := strings.LastIndex(name, " ("); i > 0 {
		name = name[:i]
	}
	switch key := fold.Key(name); key {
	case fold.Key(ReceiptSheet), fold.Key(HelpSheet), fold.Key(HelpSheetAR), fold.Key(ListsSheet):
		return true
	}
	return false
}

// IsExampleMark reports whether the first cell of a row says that the row is the
// template's example.
func IsExampleMark(text string) bool {
	switch fold.Key(text) {
	case "exemple", "example", "مثال":
		return true
	}
	return false
}
