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
// How it is read: inside a row nearly every cell has one of a few plain shapes,
// and cell.go reads these straight from the inflated bytes. Anything else, at the
// first byte out of the ordinary, goes to the complete scanner (scan.go), which
// knows XML and its damages. Both give the same cells, which a fuzz test checks,
// whatever the size of the chunks the bytes come in.
package workbook
