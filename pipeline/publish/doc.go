// Package publish puts an edition where analysts read it, whole or not at all.
//
// An *edition* is one complete publication: a DuckDB file, each table as Parquet
// and as CSV, the follow-up workbooks, and a *manifest* that signs them off by
// listing every file with its size and SHA-256. Nothing is computed here: the
// rows come from a [Source], already checked, and leave it in the order in which
// it gives them.
//
// An edition is *staged* in a folder beside the publication, synced to disk,
// read back, and only then *swapped* in: the two folders exchange their names in
// one step where the system can do that (Linux), so that the publication is
// always there and always of one piece. Elsewhere it takes two renames, and a
// *marker* left beside the folder tells [Recover] how to finish what a power cut
// interrupted. What the old edition held is removed after the swap; a reader that
// has its files open keeps them until it closes them, and nothing published is
// ever opened for writing again.
//
// Past editions, when they are kept, are folders editions/<number>/ inside the
// publication. They share their bytes with the edition they were (hard links), so
// that keeping the current one costs nothing and an analyst can name, in a
// script, the edition a figure comes from.
//
// Under public/ stand the tables after disclosure control, in the same forms: what
// may leave the administration. They are other tables with the same names, decided
// on elsewhere.
//
// Names beside publication/: .publication.next (staged, then the old edition on
// its way out), .publication.past (the old edition during two renames),
// .publication.swap (the marker).
package publish
