// Package disclose decides what must be hidden before figures about few persons
// are shown to the public, and proves that what is hidden can't be found again.
//
// A *quantity* is one count of persons, wherever and however often it is printed.
// A *relation* is arithmetic that everybody knows to hold between quantities: a
// total and its parts, a part that can't exceed its whole. A quantity of fewer
// persons than the *threshold* is *primary*: it is hidden. Subtracting what is
// shown from a shown total would give it back, so other quantities are hidden with
// it: they are *secondary*, and cost information, so there should be few.
//
// The *attacker* knows every shown value, every relation, past editions, that
// counts are whole, and that a zero is never hidden; not which hidden quantity is
// primary. What it can deduce about a hidden quantity is an interval. The rule:
// each interval, of secondary quantities too, spans at least the threshold, so
// that no hidden count is known, nor known to be small.
//
// Intervals come from linear programming in exact arithmetic (integer pivoting,
// no rounding): [Audit] finds the smallest and the largest value of each hidden
// quantity over all tables that agree with what is shown, and then exhibits whole
// tables, checked by substitution, that reach far enough apart. Which quantities
// to hide is a covering problem: whenever an interval is too narrow, the same
// linear program's dual names, with weights, the quantities of which some must be
// hidden. [Protect] covers these *cuts* greedily, takes back what turns out not to
// be needed, and reports a lower bound from the same cuts that no method can beat.
//
// The package is pure: numbers in, decisions out; no database, no randomness.
package disclose
