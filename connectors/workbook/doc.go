// Package workbook reads the cells of a workbook: .xlsx and .xlsm files, and
// .csv ones as a workbook of a single sheet.
//
// A *book* is one open file. Its *parts* are the XML documents of the zip
// package; a part is never held in memory, it is inflated and scanned as it
// comes, so that a sheet of three million cells costs what one of three hundred
// does. A *row* is handed to the caller as soon as its last byte is read.
//
// The reader has one promise above speed: nothing is lost in silence. Whatever
// it can't use gives a *trouble*, a [pipeline.Issue] with its place:
//
//   - a byte that isn't text, an entity nobody declared, a cell's address that is
//     not one: the cell, and what was read instead;
//   - a cell whose value can't be known (a shared string that doesn't exist, an
//     address given twice): an error on its row;
//   - XML that doesn't nest, a part cut short, a checksum that disagrees, a limit
//     reached: the whole file is refused, because nobody can say what is missing.
//     The rows that could be read are delivered all the same, so that the member
//     learns of every problem at once.
//
// A file that can't be opened at all is a [Refusal]. Errors of any other type
// are ours: the disk, a cancelled context, the caller's own.
//
// How it is read: the bytes are inflated (package inflate) and summed (stream.go)
// a buffer at a time. Nearly every row and cell has one of a few plain shapes, and
// plain.go reads these straight from the buffer. Anything else, at the first byte
// out of the ordinary, goes to the complete scanner (scan.go, sheet.go), which
// knows XML and its damages. Both ways end in the same functions (cell.go) and
// give the same cells, whatever the size of the chunks the bytes come in: a fuzz
// test checks it, and that nothing encoding/xml refuses is passed over in silence.
package workbook
