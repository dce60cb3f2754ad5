package pipeline

// QueryRow is a row of a query, while it is visited. Columns are counted from 0; NULL is
// the type's zero.
type QueryRow interface {
	// Text is a column's; false for NULL. It is good until the visit ends: clone what
	// is to stay.
	Text(column int) (string, bool)
	Int(column int) int64
	Float(column int) float64
	Bool(column int) bool
}
