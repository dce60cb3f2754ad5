package workbook

import "time"

// Limits bound what a file may cost; a zero field means its default. A file that
// goes beyond one is refused, and told which one.
type Limits struct {
	FileBytes     int64         // size of the file: 256 MiB
	EntryBytes    int64         // size of one part once inflated: 2 GiB
	Ratio         float64       // inflated to compressed size of a part, past its first 64 MiB: 250
	Cells         int64         // cells of one sheet: 20 million
	Columns       int           // columns of a sheet: 16,384, Excel's own limit
	Sheets        int           // sheets of a book: 1,000
	UniqueStrings int           // entries of the shared string table: 4 million
	StringBytes   int64         // size of the shared strings, and of one row's text: 128 MiB
	Merges        int           // merged ranges of one sheet: 200,000
	Troubles      int           // issues listed for one sheet before only counting them: 1,000
	Time          time.Duration // for one call to Open or Read, the visits included: 10 minutes

	// TwoCores inflates in a goroutine of its own while the rows are read. Faster
	// for one file alone; of no use where several files are read side by side.
	TwoCores bool
	// Now is the clock of Time; nil is time.Now.
	Now func() time.Time

	chunk int  // buffer size of the scanner: tests make it small
	plain bool // tests: no fast path
}

// ratioFloor is how much a part may inflate to before its ratio is looked at:
// below it a bomb costs nothing, and honest empty sheets deflate very well.
const ratioFloor = 64 << 20

// maxText is the longest text of one cell, in bytes of XML. Excel stops at 32,767
// characters, about a third of it at worst.
const maxText = 1 << 20

// maxPart bounds the parts that are not sheets nor shared strings.
const maxPart = 64 << 20

// withDefaults fills the fields left zero.
func (l Limits) withDefaults() Limits {
	def(&l.FileBytes, 256<<20)
	def(&l.EntryBytes, 2<<30)
	def(&l.Ratio, 250)
	def(&l.Cells, 20_000_000)
	def(&l.Columns, 16_384)
	def(&l.Sheets, 1_000)
	def(&l.UniqueStrings, 4_000_000)
	def(&l.StringBytes, 128<<20)
	def(&l.Merges, 200_000)
	def(&l.Troubles, 1_000)
	def(&l.Time, 10*time.Minute)
	def(&l.chunk, 64<<10)
	if l.Now == nil {
		l.Now = time.Now
	}
	return l
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
