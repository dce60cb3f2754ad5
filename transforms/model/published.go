package model

import (
	"slices"
	"strings"
)

// Table documents one published table.
type Table struct {
	Name          string
	Description   string // French
	DescriptionAR string
	Grain         string // the columns that make a row unique: "code, annee"
	Columns       []Column
}

// Published lists the tables analysts read, by name, with their documentation.
func (p *Project) Published() []Table {
	var tables []Table
	for _, q := range p.models {
		if q.published() {
			tables = append(tables, Table{
				Name:          q.name,
				Description:   q.header.Description,
				DescriptionAR: q.header.DescriptionAR,
				Grain:         strings.Join(q.header.Grain, ", "),
				Columns:       slices.Clone(q.header.Columns),
			})
		}
	}
	slices.SortFunc(tables, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return tables
}
