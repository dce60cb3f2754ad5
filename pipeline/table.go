package pipeline

// Table is a published table: its name, what it says, what one row of it is, and
// its columns. Only declared columns are ever published.
type Table struct {
	Name        string
	Description string // French
	Grain       string // what one row is, French
	Columns     []Column
	// Relation is where the warehouse keeps the rows when that isn't a relation
	// called Name: "public.valeurs".
	Relation string
}

// From is the relation of the warehouse that holds the rows.
func (t Table) From() string {
	if t.Relation != "" {
		return t.Relation
	}
	return t.Name
}

// Column is a column of a published table.
type Column struct {
	Name string
	Type string // DuckDB's name of the type
	FR   string // what it means
	AR   string
}
