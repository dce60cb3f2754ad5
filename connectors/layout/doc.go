// Package layout finds its way on a sheet somebody filled: where the header is,
// which column is which field, which rows are data.
//
// A *header* is the row, or the two rows, whose cells name columns. A *column* is
// a column of the sheet that was given a meaning: a *field* of the member's
// declaration, an institution of a meeting sheet, a quarter and a sex of a wide
// one. A *table* is a header and the rows below it, up to the next header: a sheet
// may hold several. Each row has a *kind*: header, data, total, example, note...
// A *form* is a sheet of labels with their values beside or below.
//
// Tolerance has one rule: a header is understood when only one reading of it is
// possible. Texts are compared folded; then, each step weaker than the one before
// and only for what is still unclaimed, without words that carry no meaning,
// without filler ("du bénéficiaire"), within a typing mistake, by a distinctive
// part. Two fields for one column, or two columns for one field, at the same
// strength, are a *conflict*, reported and never resolved by order.
//
// Everything here is a pure function of rows; nothing reads a file, and nothing
// grows faster than the number of cells.
package layout
