// Package suivi writes the follow-up workbook: the committee's table of one year
// as an Excel file that can be printed and put on a minister's desk.
//
// A workbook is of one *year*. Its *indicators* stand under the *results* they
// serve (outcome, output 1, 2, 3), each with a *line* for everybody (T) and, where
// the sexes are told apart, one for women, men and not declared. Around that
// table: a page to read first, the charts of women and men, the progress to
// targets, the regions, the quality of what was received, what changed since the
// edition before, and the definitions.
//
// Everything shown was read from the published tables by [Read]; nothing is
// computed here but shares that only lay two shown figures side by side. A value
// nobody reported is shown as "n.d.", in words, never as 0 and never as an empty
// cell; numbers are numbers, so that they can be added up by whoever receives the
// file. The same data and the same edition give the same bytes.
package suivi
