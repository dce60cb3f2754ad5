package pipeline

import "time"

// Status is what became of a submission.
type Status string

// The statuses of a submission.
const (
	Accepted Status = "acceptee"
	Reserved Status = "reserves"
	Rejected Status = "rejetee"
	Replaced Status = "remplacee"
	Double   Status = "doublon"
)

// Received is what the ledger knows of a file: facts of its arrival, none of its
// content.
type Received struct {
	Seq      int       // ledger sequence number: the receipt number
	ID       string    // submission id: 16 hex digits of SHA-256(member, path, content hash)
	Member   Member    // by the folder
	Path     string    // below depot/, slash-separated, with the member folder
	Size     int64     // bytes
	Modified time.Time // the file's modification time when it was read
	SHA256   string    // 64 hex digits, of the content
	At       time.Time // when cp3 archived it
}

// Identity is what makes two submissions the same report.
type Identity struct {
	Member    Member
	Structure string // folded structure label
	Period    Period
	Template  string
}

// Header is what a workbook says of itself, in its Identification sheet or
// wherever its member's spec finds it.
type Header struct {
	Structure  string // canonical label
	Region     string // HCP code
	Province   string
	Period     Period
	FocalPoint string // a name: private
	Template   string // template id
	Version    string // template version as found; "" when the file does not say
	Lang       string // "fr" or "ar": the language the workbook is written in
}

// Reading is the complete result of understanding one workbook.
type Reading struct {
	Header
	Member   Member // the member whose spec was used
	Records  Records
	Issues   []Issue
	Account  []Use
	RowsRead int // rows of data found (lists and tables; forms count none)
	RowsKept int
	Sheets   []SheetTally
	Modified time.Time // the workbook's own "last saved" property; zero when absent
	// Moves says what the reader had to guess about the layout, one finding each
	// ("header.moved", "column.renamed", "sheet.renamed"): shown, never counted as
	// trouble.
	Moves []Issue
}

// SheetTally counts the rows of one sheet.
type SheetTally struct {
	Sheet               string
	Read, Kept, Refused int
}

// Status of a reading that is neither replaced nor a double.
func (r Reading) Status() Status {
	s := Accepted
	for _, i := range r.Issues {
		switch i.Severity {
		case Blocking:
			return Rejected
		case Error, Warning:
			s = Reserved
		}
	}
	return s
}
