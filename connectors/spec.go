// Package connectors says what a member's workbook means.
//
// A *spec* is the declaration of one member's workbook, a YAML file in members/:
// its *sheets*, the *fields* of each, how they are labelled in French and in
// Arabic and what else their headers have been called, their types, their *code
// lists* (lists/), and which *services* a row of a nominative list stands for.
// Shared groups of fields are *blocks* (blocks/). Adding a member is adding a
// file: nothing here or elsewhere names one.
//
// Specs are loaded strictly: an unknown key, an unknown list, a condition on a
// field that does not exist or a label without its Arabic is refused with its
// file, line, key and value, because a declaration that is silently wrong loses
// a member's rows.
package connectors

import (
	"sync"

	"github.com/goccy/go-yaml"

	"cp3/pipeline"
)

// Spec is the declaration of one member's workbook: members/<member>.yaml.
type Spec struct {
	Member   pipeline.Member `yaml:"member"`
	Name     pipeline.Text   `yaml:"name"`
	Role     pipeline.Role   `yaml:"role"`
	Template Template        `yaml:"template"`
	// Identification says where structure, region and period come from.
	Identification Identification `yaml:"identification"`
	Sheets         []Sheet        `yaml:"sheets"`
	// SheetsOf takes the sheets of another member's file: two committees, one
	// workbook.
	SheetsOf pipeline.Member `yaml:"sheets_of"`

	file string // members/EN.yaml, for messages
}

// Sheet returns the sheet declared under a canonical name; nil when there is none.
func (s *Spec) Sheet(name string) *Sheet {
	for i := range s.Sheets {
		if s.Sheets[i].Name == name {
			return &s.Sheets[i]
		}
	}
	return nil
}

// Template identifies the blank workbook cp3 hands out.
type Template struct {
	ID      string `yaml:"id"`      // "CP3-EN": custom document property cp3_template, and a defined name
	Version string `yaml:"version"` // "2021.1": custom document property cp3_version
}

// Identification says how a workbook without a filled form is still placed.
type Identification struct {
	// Structure names the structure when the workbook has none: a member with a
	// single national list.
	Structure string `yaml:"structure"`
	// Period is tried in order until one gives a period: "form" (the form sheet's
	// fields of type year and quarter), "column:<field>" (a school year or year
	// column common to all rows), "title" (title rows), "sheet_name", "file_name",
	// "dates" (the year of most dates).
	Period []string `yaml:"period"`
	Region string   `yaml:"region"` // HCP code of a committee's region
}

// Shape is how a sheet is laid out.
type Shape string

// The shapes.
const (
	Form Shape = "form" // label on the left (or above), value beside it
	List Shape = "list" // a header, then one record a row
	Wide Shape = "wide" // indicator x place in rows, quarter x sex in columns
)

// RecordKind is what a row of a sheet is.
type RecordKind string

// The kinds of rows.
const (
	PersonRow   RecordKind = "person"   // a mention, and the services it declares
	CompanyRow  RecordKind = "company"  // a company approached
	MeetingRow  RecordKind = "meeting"  // a meeting: one column per institution
	SessionRow  RecordKind = "session"  // a training session
	DeclaredRow RecordKind = "declared" // a declared total
)

// Sheet declares one sheet.
type Sheet struct {
	Name     string        `yaml:"name"` // canonical name; also what the template calls it
	Title    pipeline.Text `yaml:"title"`
	Aliases  []string      `yaml:"aliases"`
	Shape    Shape         `yaml:"shape"`
	Row      RecordKind    `yaml:"row"`
	Required bool          `yaml:"required"` // its absence is a blocking issue
	Fields   []Field       `yaml:"fields"`
	Services []Emission    `yaml:"services"`
	Wide     *WideColumns  `yaml:"wide"`
	// Institutions: on a meeting sheet, every other column is an institution of the
	// institutions list, its cell the focal points present ("F/H" pairs or two columns).
	Note pipeline.Text `yaml:"note"` // one line of help, for the template
}

// FieldType is the type of a column; transforms/normalise has one function each.
type FieldType string

// The field types.
const (
	FamilyName   FieldType = "family_name"
	GivenName    FieldType = "given_name"
	FullName     FieldType = "full_name"
	SexType      FieldType = "sex"
	BirthDate    FieldType = "birth_date"
	DateType     FieldType = "date"
	Nationality  FieldType = "nationality"
	CodeType     FieldType = "code" // of the list named by Field.List
	DocNumber    FieldType = "document"
	Phone        FieldType = "phone"
	Email        FieldType = "email"
	Locality     FieldType = "locality" // city, province or region
	YesNo        FieldType = "yes_no"
	Integer      FieldType = "integer" // zero or more
	Decimal      FieldType = "decimal"
	Percent      FieldType = "percent" // stored 0 to 100
	TextType     FieldType = "text"
	Identifier   FieldType = "identifier"   // a member's own number: kept as text
	ICE          FieldType = "ice"          // 15 digits
	Year         FieldType = "year"         // 2020
	Quarter      FieldType = "quarter"      // 1 to 4, T1, 1er trimestre, الفصل الأول
	SchoolYear   FieldType = "school_year"  // 2019-2020: stored as its first year
	Institutions FieldType = "institutions" // codes separated by , ; / or new lines
	Indicator    FieldType = "indicator"    // an indicator's code or label
)

// Field is one column of a list, or one line of a form.
type Field struct {
	// Use takes a shared declaration (blocks/*.yaml): "identity" stands for all its
	// fields, "identity.sex" for one; keys given beside it replace the shared ones,
	// aliases add to them, and a replaced label becomes an alias. Empty once loaded.
	Use      string        `yaml:"use"`
	Name     string        `yaml:"name"` // English, snake_case: "family_name"
	Label    pipeline.Text `yaml:"label"`
	Aliases  []string      `yaml:"aliases"` // other headers seen, any language
	Type     FieldType     `yaml:"type"`
	List     string        `yaml:"list"`     // code list, for type code
	Required bool          `yaml:"required"` // an empty value refuses the row (a missing column, the file)
	// Expected: an empty value keeps the row, with a warning.
	Expected bool `yaml:"expected"`
	// Instead names a field whose value makes this one's unnecessary: the full name
	// for the family name.
	Instead string `yaml:"instead"`
	// Unlisted: understood when a member uses it, left out of the template.
	Unlisted bool          `yaml:"unlisted"`
	Example  string        `yaml:"example"` // the value on the template's example row
	Help     pipeline.Text `yaml:"help"`
	// Means says what the field is in the typed model when its name does not say
	// it: "service_date", "place", "stream", "level", "structure", "region", ...
	Means string `yaml:"means"`
	// CarriedOver: a date before the file's period is normal here (an enrolment of
	// last year on this year's list).
	CarriedOver bool `yaml:"carried_over"`
	// After names a date field of the same row that this date can't precede.
	After string   `yaml:"after"`
	Min   *float64 `yaml:"min"`
	Max   *float64 `yaml:"max"`

	at string // its key in the member's file, for messages
}

// Emission says that a row stands for a service when its conditions hold.
type Emission struct {
	Service pipeline.Service `yaml:"service"`
	// Date names the fields that may date the service: the first one filled does. A
	// school year gives its first year, "<field>.end" its second.
	Date Names `yaml:"date"`
	// When: field -> accepted codes (after normalisation); every one must hold. A
	// yes_no field has codes "oui" and "non"; "*" is any value but none.
	When map[string][]string `yaml:"when"`
	// Toward is the member a referral is made to, or "field:<name>".
	Toward string `yaml:"toward"`
}

// Names is one field name, or several in order of preference.
type Names []string

// UnmarshalYAML lets a single name be written without brackets.
func (n *Names) UnmarshalYAML(b []byte) error {
	var one string
	if err := yaml.Unmarshal(b, &one); err == nil {
		*n = Names{one}
		return nil
	}
	return yaml.UnmarshalWithOptions(b, (*[]string)(n), yaml.Strict())
}

// WideColumns declares the repeated column groups of a wide sheet: under each
// quarter's merged title, one column a sex.
type WideColumns struct {
	Women pipeline.Text `yaml:"women"`
	Men   pipeline.Text `yaml:"men"`
	Total pipeline.Text `yaml:"total"`
}

// Code is one value of a code list.
type Code struct {
	Code    string            `yaml:"code"`
	Label   pipeline.Text     `yaml:"label"`
	Aliases []string          `yaml:"aliases"`
	Attrs   map[string]string `yaml:"attrs"` // list-specific: region, province, targeted, pilot, technical, state
}

// CodeList is a closed (or, when Open, growing) set of codes: lists/<name>.yaml.
type CodeList struct {
	Name string `yaml:"name"`
	// Open: an unknown value is kept as written with a warning, instead of refused.
	Open  bool   `yaml:"open"`
	Codes []Code `yaml:"codes"`

	approved []Approved // spellings decided beside those of Codes: see With

	once  sync.Once
	index map[string]int // comparison key -> position in Codes: see build
	// spellings are the index's keys in the order of the codes.
	spellings []spelling
	decided   map[string]Approved // by comparison key

	mu   sync.Mutex
	near map[string][]int // what Nearest found before
}
