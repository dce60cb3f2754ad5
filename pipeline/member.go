package pipeline

// Member is the code of a reporting member, as its drop folder is named:
// "EN", "ANAPEC", "CP3-RSK".
type Member string

// Role says what a member's declared totals stand for.
type Role string

const (
	// Institution members report their own activity.
	Institution Role = "institution"
	// Committee members compile figures of the institutions of a region: their
	// totals never add to the institutions' own.
	Committee Role = "committee"
	// NGO members report their own activity, outside the state institutions.
	NGO Role = "ngo"
)

// Text is a wording in the languages a focal point may read.
type Text struct {
	FR string `yaml:"fr"`
	AR string `yaml:"ar"`
}

// In returns the wording in lang ("fr" or "ar"), French when the other is missing.
func (t Text) In(lang string) string {
	if lang == "ar" && t.AR != "" {
		return t.AR
	}
	return t.FR
}
