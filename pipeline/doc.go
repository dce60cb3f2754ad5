// Package pipeline is the vocabulary of cp3: the words every other package
// speaks, as Go types without I/O and without any import beyond the standard
// library.
//
// A *member* is an institution, a regional committee or a partner NGO that
// reports to the committee. It drops a *workbook* in its folder; cp3 archives
// the bytes and calls the result a *submission*. A submission answers for one
// *structure* (a centre, an agency, a committee) over one *period* with one
// *template*; those four words, member + structure + period + template, are its
// *identity*, and a later submission with the same identity replaces the
// earlier one entirely.
//
// Reading a submission turns *cells* into *records*: a *mention* of a person, a
// *service* that person received, a *company* approached, an institution's
// *attendance* at a meeting, a training *session*, a *declared* total. Each
// record remembers the sheet and the row it came from. Each cell read is
// accounted for: used, corrected with a note, refused with a reason, or ignored
// with a reason; that list is the submission's *account*.
//
// Two kinds of trouble are never mixed. An error is ours: it stops the run and
// yesterday's edition stands. An [Issue] is the member's: it has a place, a
// severity and says what to do; issues are collected in full.
//
// A *person* is what linkage makes of mentions that are the same human being.
// An *indicator* is one of the committee's 25 figures. An *edition* is one
// complete, checked publication. A *receipt* is what a focal point is told about
// one submission.
package pipeline
