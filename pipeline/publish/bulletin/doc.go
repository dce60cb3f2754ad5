// Package bulletin writes the page that is sent around: one quarter, or one year,
// on one self-contained HTML page that needs no network, no account and no
// program but a browser, in French and in Arabic.
//
// An *issue* is a year, or a quarter of one. Its page says, in this order: the key
// figures; where the indicators stand against their targets (of a year) or beside
// the quarter before; women and men; the quarters of the year; the regions; what
// the figures rest on; how to read them, and where the data are. Charts are drawn
// beside the figures they show, so that nothing is told by a drawing or a colour
// alone: read aloud, printed in black and white or on a phone, the page says the
// same. Tables carry their roles in words, since browsers forget that a table is one
// when a phone stacks its cells.
//
// Nothing is computed here but shares of two figures shown side by side. What
// nobody reported is said so, never as 0. The same rows give the same bytes.
package bulletin
