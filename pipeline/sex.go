package pipeline

// Sex is the sex a member declared for a person.
type Sex string

// The values every person indicator is broken down by; T = F + H + ND always.
const (
	Women       Sex = "F"
	Men         Sex = "H"
	NotDeclared Sex = "ND"
	Total       Sex = "T"
)
