package connectors

// What a field says in the typed model. A field whose name is not one of these
// says it with `means`; one that means nothing is read, checked, used in
// conditions, and goes no further.
const (
	MeansPlace     = "place"
	MeansStream    = "stream"
	MeansLevel     = "level"
	MeansTargeted  = "targeted"
	MeansTechnical = "technical"
	MeansMemberRef = "member_ref"
	MeansIndicator = "indicator"
	MeansStructure = "structure"
	MeansRegion    = "region"
	MeansProvince  = "province"
	MeansYear      = "year"
	MeansQuarter   = "quarter"
)

var meanings = []string{
	// a mention
	"family_name", "given_name", "full_name", "sex", "birth_date", "nationality", "status", "doc_type", "doc_number", "phone", "email",
	"locality", MeansMemberRef,
	// the services of the row
	MeansPlace, MeansStream, MeansLevel, MeansTargeted, "pilot", MeansTechnical,
	// a company
	"company_name", "ice", "approach_date", "approached_by", "asked_contract", "recruited_women", "recruited_men",
	// a meeting, a session
	"meeting_date", "session_date", "theme", "institutions", "women", "men", "pre_test", "post_test", "respondents", "satisfied",
	// a declared total
	MeansIndicator, "total",
	// a header
	MeansStructure, MeansRegion, MeansProvince, MeansYear, MeansQuarter, "focal_point", "version",
}

// recordNeeds says, by kind of row, which meanings it can't do without; of each
// group, one is enough.
var recordNeeds = map[RecordKind][][]string{
	PersonRow:   {{"family_name", "full_name"}, {"sex"}},
	CompanyRow:  {{"company_name"}, {"approach_date"}},
	MeetingRow:  {{"meeting_date"}},
	SessionRow:  {{"theme"}, {"session_date"}},
	DeclaredRow: {{MeansIndicator}, {"total", "women"}},
}

var fieldTypes = []FieldType{FamilyName, GivenName, FullName, SexType, BirthDate, DateType, Nationality, CodeType, DocNumber, Phone,
	Email, Locality, YesNo, Integer, Decimal, Percent, TextType, Identifier, ICE, Year, Quarter, SchoolYear, Institutions, Indicator}

// Meaning is what the field says in the typed model: Means, or its own name.
func (f *Field) Meaning() string {
	if f.Means != "" {
		return f.Means
	}
	return f.Name
}

// Field returns the field of a name; nil when there is none.
func (s *Sheet) Field(name string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// Meaning returns the first field that means m; nil when none does.
func (s *Sheet) Meaning(m string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Meaning() == m {
			return &s.Fields[i]
		}
	}
	return nil
}
