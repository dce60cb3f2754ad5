// Package link decides which records are the same person, without ever having seen
// the answer.
//
// A *record* is one description of a person; a *pair* is two records, and the
// question is whether it is a *match*: one person. The answer is a *weight*, the
// log odds in bits, built as Fellegi and Sunter (1969) did. A *comparison* takes a
// pair to one of a few *levels* (same, same sound, one slip, different). With m
// the probability of the level among matches and u among pairs of strangers,
//
//	weight = log2(λ/(1-λ)) + Σ log2(m/u)
//
// where λ is the share of matches among all pairs. Something missing on either
// side is no level and adds nothing: it is neither agreement nor disagreement.
//
// # What is learned, and from what
//
// u comes from pairs taken at random, nearly all strangers. m comes from the pairs
// of each blocking rule by expectation-maximisation (Winkler 1988, 2000; Jaro
// 1989): a mixture of classes that share m and u and differ by rule only in their
// shares. Pairs of a rule agree on its key whoever they are of, so the fields of
// the key are hidden from them, and with a name those that go with names: namesakes
// are of one country and one sex. λ is the share that gives itself back as the sum
// of the posteriors over the pairs compared. Every parameter has a prior that
// ships with the code, worth some tens of pairs: on fifty mentions the priors
// speak, on a thousand the data does. Nothing is tuned per data set.
//
// *Term frequency*: agreeing on a value weighs log2(m/f), f the frequency of that
// value among other persons (Winkler 1989): Diallo little, Tchoupo much. Names are
// counted within nationality and sex when the spec has them, for agreeing on a
// name that half a country bears, then on the country, is agreeing once; numbers
// and birthdays are counted by holders told apart by name, so that a person listed
// ten times doesn't make their own number common. An agreement that is only near
// moves by half as much.
//
// # A household is not a person
//
// Sisters share a family name, a telephone, a room, an address; twins the birthday
// too. So there are three classes, not two: matches, *household* pairs (two persons
// of one household) and strangers. In the household class, what is shared (family
// name, address, telephone) has its own distribution h, what is personal (given
// name, sex) the strangers'. The weight is against both alternatives:
//
//	weight = log2( λ Πm / ((1-λ-η) Πu + η Πh) )
//
// with η the share of household pairs. The difference from the sum above is shown
// as its own bar of the waterfall. h is learned from pairs that share a telephone,
// an e-mail or an address under unlike given names, as far as they aren't matches;
// η from how many such pairs there are and how often a household would share that
// (see kinship), for most pairs of a household show nothing of it.
//
// # Dates and names
//
// 01/01/1990 is not a birthday, it is a year: two dates are compared as days when
// both are, else as years. Names are compared by letters, by sound (what French,
// English and Arabic writers make of one West African or Maghrebi name), across
// scripts by their consonants, by words, and crossed when the given name is in the
// family name's place. A full name is cut in two where its words, as seen in other
// records, say.
//
// # From pairs to persons
//
// Only pairs that share one of several narrow keys are compared; each key is
// capped: in a larger block every record meets its next neighbours in a sorted
// order only. Clusters are built by average linkage: two are joined while the mean
// weight of all pairs between them is above a threshold, so that one wrong edge
// can't chain two families. The pairs that no rule proposed inside a component are
// weighed first. A pair that has little in common because little was written down
// pulls two clusters apart by no more than what contradicts in it: that one form
// had no birth date is no reason to part it from the others of its person. A
// *conflict* (see conflicts) forbids a join; a *doubt* (see
// doubts) is a pattern whose parts are not independent, and costs bits. A human's
// *decision* outranks all of it.
//
// # Same data, same answer
//
// Records are numbered by their id; samples are chosen by hashing those numbers;
// sums that cross rows are of integers or in a fixed order. Neither the order of
// rows nor the number of threads changes a weight.
//
// # In memory
//
// DuckDB reads, orders and keeps; everything else is done in memory, where a record is
// some forty bytes: for each column the number of its value, and each distinct value
// (form) is folded, sounded and counted once. A pair then costs a microsecond, most of
// it spent on values that differ, and a candidate pair eight bytes until it is weighed.
// All that two records weigh is decided in one place (weigher), for learning, scoring
// and explaining alike.
//
// # A night's new records
//
// From some size on (Options.Reuse), Mentions keeps what it learned and weighed in
// the database, and a small night weighs the pairs of its new mentions alone. It
// comes to what a database without any of that would come to, for the model is
// learned from a *reference*, the submissions up to one of the ledger, that follows
// from the ledger alone and moves on when a quarter as much has arrived since (see
// referenceEnd); whether two records are compared, and what they weigh, depends on
// the reference and on what came before the later one, never on what came after
// (see add). What was kept is void as soon as the program, the rules, a mention of
// it or the reference is another one.
//
// # Sources
//
//   - I. Fellegi, A. Sunter, A Theory for Record Linkage, JASA 64 (1969).
//   - M. Jaro, Advances in Record-Linkage Methodology as Applied to Matching the
//     1985 Census of Tampa, Florida, JASA 84 (1989).
//   - W. Winkler, Using the EM Algorithm for Weight Computation in the
//     Fellegi-Sunter Model of Record Linkage, ASA (1988, 2000); Frequency-Based
//     Matching in Fellegi-Sunter Model of Record Linkage, ASA (1989).
//   - T. Herzog, F. Scheuren, W. Winkler, Data Quality and Record Linkage
//     Techniques, Springer (2007).
//   - P. Christen, Data Matching, Springer (2012); the FEBRL data sets.
//   - Z. Lipton, C. Elkan, B. Naryanaswamy, Optimal Thresholding of Classifiers to
//     Maximize F1 Measure, ECML PKDD (2014).
//   - A. Chao, Nonparametric Estimation of the Number of Classes in a Population,
//     Scandinavian Journal of Statistics 11 (1984): what blocking missed.
//   - R. Linacre and others, Splink: Free software for probabilistic record linkage
//     at scale, IJPDS 7 (2022).
package link
