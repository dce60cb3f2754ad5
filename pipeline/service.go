package pipeline

import "slices"

// Service is a service a person can receive; one code list for all members.
type Service string

// The services (design: indicators.md).
const (
	Reception           Service = "ACCUEIL"
	Referral            Service = "REFERENCEMENT"
	Enrolment           Service = "FP_INSCRIPTION"
	Completion          Service = "FP_REUSSITE"
	DropOut             Service = "FP_ABANDON"
	Grant               Service = "BOURSE"
	AnapecRegistration  Service = "ANAPEC_INSCRIPTION"
	EmploymentSupport   Service = "ACC_EMPLOI"
	SelfEmployment      Service = "ACC_AUTOEMPLOI"
	AidedContract       Service = "CONTRAT_AIDE"
	Placement           Service = "INSERTION_SALARIEE"
	AutoEntrepreneur    Service = "CREATION_AE"
	Cooperative         Service = "CREATION_COOP"
	LimitedCompany      Service = "CREATION_SARL"
	SelfEmploymentFunds Service = "FINANCEMENT_AE"
	ViableAt12Months    Service = "VIABILITE_12M"
)

// Services lists every service, in the order of the design.
func Services() []Service {
	return []Service{Reception, Referral, Enrolment, Completion, DropOut, Grant,
		AnapecRegistration, EmploymentSupport, SelfEmployment, AidedContract, Placement,
		AutoEntrepreneur, Cooperative, LimitedCompany, SelfEmploymentFunds, ViableAt12Months}
}

// Valid reports whether s is in the code list.
func (s Service) Valid() bool { return slices.Contains(Services(), s) }
