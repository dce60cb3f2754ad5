package link

// The *reference* is what the model is learned from: frequencies of values, m, u and
// h, which blocking rules are carried out, which blocks are cut into windows. On a
// ledger that grows by one file in a thousand a night, learning from all of it each
// night would move every weight by a hair and have every pair weighed again. So the
// reference is the submissions up to one of the ledger, and moves on when a quarter
// as much has arrived since. Which one it is follows from the ledger alone: a night
// that finds everything at once arrives where a hundred small ones did.

// filed is a submission that stood, or stands: what the ledger says of it.
type filed struct {
	seq, mentions int
	replaced      int // seq of the submission that took its place; 0: none
}

// defaultReuse is the number of records from which on weights are worth keeping:
// fewer are linked in the time it takes to look.
const defaultReuse = 20_000

// growth: the reference moves on when one part in so many of it has arrived since.
const growth = 4

// referenceEnd is the last submission of the reference, by the history of all, in
// their order, and the number of mentions that stand now. Mentions since replaced
// count as arrived: they were linked while they stood.
func referenceEnd(history []filed, reuse int) (end, standing int) {
	leaving := map[int]int{} // by the submission that takes their place
	size, since := 0, 0
	for _, f := range history {
		standing += f.mentions - leaving[f.seq]
		since += f.mentions
		if size < reuse || since*growth > size {
			end, size, since = f.seq, standing, 0
		}
		if f.replaced > f.seq {
			leaving[f.replaced] += f.mentions
		} else if f.replaced > 0 { // by one found beside it, saved later
			standing -= f.mentions
		}
	}
	return end, standing
}
