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

// Macro is a question of the published database that has a name: analysts call it
// like a table, suivi(2020), or like a value, valeur_de('1.2', 2020).
type Macro struct {
	Name string
	Rows bool   // it gives rows; otherwise one value
	SQL  string // the statement that creates it
	FR   string // what it gives, with an example
	AR   string
}
