package pipeline

// Severity says what an issue costs the member.
type Severity string

// The severities, the worst first.
const (
	Blocking Severity = "bloquant"      // the file is refused
	Error    Severity = "erreur"        // the row is refused, the rest goes in
	Warning  Severity = "avertissement" // the row is kept
)

// Rank orders severities: 0 for the worst.
func (s Severity) Rank() int {
	switch s {
	case Blocking:
		return 0
	case Error:
		return 1
	}
	return 2
}

// Finding is what a rule found, wherever it was: the rule's code and the values
// its message needs. The text itself comes from the message catalogue
// (pipeline/wording), where each code has a title (no value in it, safe to
// publish), a problem and an action.
type Finding struct {
	Code     string // "date.unreadable"
	Severity Severity
	// Args fill the placeholders of the catalogue's text. "value" (the value
	// read) and every other one may be personal: they reach the member's own
	// answer, never a log or a published table.
	Args map[string]string
}

// Issue is a finding with its place in a member's workbook.
type Issue struct {
	Finding
	Sheet string // "" when the whole file is meant
	Cell  string // "C14"; "" when the whole sheet is meant
	Row   int    // the row refused, for an Error on a list; 0 otherwise
	Field string // the field's label, as the member reads it; "" when none
	Value string // as read
}

// Outcome is what became of a cell.
type Outcome string

// The outcomes of a cell; every non-blank cell has exactly one.
const (
	Used      Outcome = "utilisee"
	Corrected Outcome = "corrigee"
	Refused   Outcome = "refusee"
	Ignored   Outcome = "ignoree"
)

// Use is one line of a submission's account: a range of cells of one column that
// met the same fate.
type Use struct {
	Sheet   string
	Range   Range
	Field   string  // field name in the spec; "" when the cells are no field's
	Outcome Outcome //
	Reason  string  // issue code for Corrected and Refused; why for Ignored: "title", "header", "total_row", "unknown_column", ...
}
