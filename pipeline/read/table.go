package read

import (
	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/transforms/normalise"
)

// tableIndex finds the columns of a table: what is asked of every row is looked up
// once.
type tableIndex struct {
	*layout.Table
	field    map[string]int   // by field name
	meaning  map[string][]int // by meaning
	place    []int            // by column number; -1 for none
	known    []memory         // by column: see memory
	filled   []bool           // by column: some row that was kept has a value
	facts    []fact           // see said
	personal [personals][]int // by what they say of the person or the service
	emitted  []emission       // see emissions
}

func indexOf(t *layout.Table) tableIndex {
	x := tableIndex{Table: t, field: map[string]int{}, meaning: map[string][]int{}, known: make([]memory, len(t.Columns)), filled: make([]bool, len(t.Columns))}
	for i := range t.Columns {
		c := &t.Columns[i]
		for c.Col >= len(x.place) {
			x.place = append(x.place, -1)
		}
		x.place[c.Col] = i
		if c.Field != nil {
			x.field[c.Field.Name] = i
			x.meaning[c.Field.Meaning()] = append(x.meaning[c.Field.Meaning()], i)
		}
	}
	for k, meaning := range personalMeanings {
		x.personal[k] = x.meaning[meaning]
	}
	return x
}

// at is the index of the column at a column number, -1 for none.
func (x *tableIndex) at(col int) int {
	if col < 0 || col >= len(x.place) {
		return -1
	}
	return x.place[col]
}

// personal is something a column says of a person, or of what was done for them.
type personal uint8

const (
	familyName personal = iota
	givenName
	fullName
	sex
	birthDate
	nationality
	status
	docType
	docNumber
	phone
	email
	locality
	memberRef
	servicePlace
	stream
	level
	targeted
	pilot
	technical
	personals // how many there are
)

var personalMeanings = [personals]string{
	familyName: "family_name", givenName: "given_name", fullName: "full_name", sex: "sex", birthDate: "birth_date", nationality: "nationality",
	status: "status", docType: "doc_type", docNumber: "doc_number", phone: "phone", email: "email", locality: "locality",
	memberRef: connectors.MeansMemberRef, servicePlace: connectors.MeansPlace, stream: connectors.MeansStream, level: connectors.MeansLevel,
	targeted: connectors.MeansTargeted, pilot: "pilot", technical: connectors.MeansTechnical,
}

// says is the row's value of the field that says so; of several, the first that is
// there.
func (l *listReading) says(what personal) *normalise.Value {
	for _, i := range l.row.table.personal[what] {
		if v := &l.row.values[i]; v.Present && !v.Refused {
			return v
		}
	}
	return &nothing
}

var nothing normalise.Value

// emission is a service that rows of the table may stand for.
type emission struct {
	*connectors.Emission
	when []condition
}

// condition is a column and the codes one of which it must have.
type condition struct {
	at    int
	codes []string
}

// emissions are the services that rows of the table may stand for: not those that
// depend on a column it hasn't.
func (x *tableIndex) emissions(spec *connectors.Sheet) []emission {
	if x.emitted != nil {
		return x.emitted
	}
	x.emitted = []emission{}
	for i := range spec.Services {
		e := emission{Emission: &spec.Services[i]}
		for name, codes := range e.When {
			if at, ok := x.field[name]; ok {
				e.when = append(e.when, condition{at, codes})
			}
		}
		if len(e.when) == len(e.When) {
			x.emitted = append(x.emitted, e)
		}
	}
	return x.emitted
}
