// Package schedules says what is due when; it never runs anything.
//
// A *schedule* is one YAML file: a job, a cron expression, a time zone. Its
// *occurrences* are the wall-clock times the expression names. Wall clocks are
// treacherous: Morocco moves its own by an hour at the beginning and at the end
// of Ramadan, around 02:00 to 03:00, so that one night has no 02:30 and another
// has two. Cron libraries disagree on what to do then. Here an occurrence is
// first a time on the *clock face*, without any zone: the expression is evaluated
// as if every day had 24 hours, which gives each night exactly one 02:30. Only
// then is it placed in time: on the first instant that shows that face, or, when
// the clock jumps over it, as far after the jump as it lay after the jump's
// beginning (02:30 becomes 03:30 when 02:00 becomes 03:00).
//
// An occurrence is named by its face, and what has been settled is remembered by
// name: a clock set back, or a zone database that changed overnight, runs nothing
// twice. A machine that was off finds several occurrences due; the last of them
// is run once, marked as caught up, when it lies within the catch-up window, and
// the others are recorded as missed.
package schedules
