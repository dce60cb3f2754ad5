package pipeline

// Origin is where a record was read: one row of one sheet of a submission.
type Origin struct {
	Sheet string
	Row   int
}

// Mention is one row's description of a person, normalised. Empty strings and
// zero dates are "not said".
type Mention struct {
	Origin
	FamilyName  string // as written, tidied (NFC, single spaces); comparison keys are linkage's
	GivenName   string
	FullName    string // when the member has one column for both
	Sex         Sex    // NotDeclared when not said
	BirthDate   Date
	Nationality string // ISO 3166-1 alpha-3
	Status      string // administrative status code: REGULARISE, REFUGIE, DEMANDEUR_ASILE, EN_COURS, ETUDIANT, AUTRE
	DocType     string // CARTE_SEJOUR, CARTE_HCR, PASSEPORT, AUTRE
	DocNumber   string // upper case, no separators
	Phone       string // E.164
	Email       string
	Locality    string // as written, tidied
	Province    string // HCP code "04.421"; "" when the locality is not a known one
	Region      string // HCP code "04"
	MemberRef   string // the member's own number for the person (matricule, registration number)
	Example     bool   // never true once stored: example rows are dropped by the reader
}

// ServiceRecord is one service received by the person of the same row.
type ServiceRecord struct {
	Origin
	Service   Service
	Date      Date
	Region    string // where the service was given
	Province  string
	Place     string // centre, agency or establishment: canonical label
	Targeted  *bool  // the centre is one the project targets; nil: not said
	Pilot     *bool  // the agency is a pilot agency; nil: not said
	Technical *bool  // the stream is a technical one; nil: not said
	Stream    string
	Level     string
	Toward    Member // referral: to whom
	Count     int    // prestations this record stands for; 1
}

// CompanyRecord is a company approached.
type CompanyRecord struct {
	Origin
	Name           string
	ICE            string // 15 digits; "" when not said
	Locality       string
	Province       string
	Region         string
	Date           Date
	By             string // who approached it
	AskedContract  *bool
	RecruitedWomen *int
	RecruitedMen   *int
}

// Attendance is the presence of one institution at one committee meeting.
type Attendance struct {
	Origin
	Date        Date
	Region      string
	Institution string // code of the institutions list
	Women, Men  int
	Undeclared  int // counted without saying the sex
}

// SessionRecord is a training session for the committee's members.
type SessionRecord struct {
	Origin
	Theme        string
	Date         Date
	Region       string
	Institutions []string // codes of the institutions list
	Women, Men   *int
	PreTest      *float64 // mean marks, any scale, the same for both
	PostTest     *float64
	Respondents  *int
	Satisfied    *int
}

// Declared is a total a member declares, without the persons behind it.
type Declared struct {
	Origin
	Cell     string // address of the value
	Code     string // indicator code: "1.2"
	Period   Period
	Region   string
	Province string
	Sex      Sex // Total when the member gives one figure
	Value    float64
}

// Coverage says that a submission reports a topic over a period, so that finding
// no such record is a zero and not a silence. Topic is a service code, or
// "companies.asked", "companies.recruited", "meetings", "sessions". A sheet
// covers a topic when at least one of its rows says something about it (for a
// conditional service: when the column that decides is filled somewhere).
type Coverage struct {
	Topic  string
	Period Period
	Region string // "" when rows of several regions: see the records
	Sheet  string
}

// Records is everything a submission says, normalised.
type Records struct {
	Mentions   []Mention
	Services   []ServiceRecord
	Companies  []CompanyRecord
	Attendance []Attendance
	Sessions   []SessionRecord
	Declared   []Declared
	Coverage   []Coverage
}
