package layout

import "testing"

// Headers that focal points give the identity columns when they don't copy the
// template's. A column that isn't recognised is not read: each of these costs
// linkage its evidence when it is missing from the declarations.
func TestIdentityHeaders(t *testing.T) {
	m := guide(t, "EN", "Accueil").matcher
	for field, headers := range map[string][]string{
		"family_name":    {"Nom patronymique"},
		"sex":            {"Civilité", "Homme/Femme"},
		"birth_date":     {"Naissance", "D.N.", "Née le"},
		"nationality":    {"Nat.", "Pays de provenance"},
		"status":         {"Statut juridique", "Sit. administrative", "Situation adm."},
		"doc_type":       {"Type doc.", "Document d’identité", "Type de pièce d'identité", "Type du document d'identité", "Nature du document"},
		"doc_number":     {"N° Doc", "Numéro de document", "Numéro document", "Référence du document", "N° de la pièce d'identité", "Numéro de pièce d'identité", "Num. document", "N° du titre de séjour"},
		"phone":          {"Contact téléphonique"},
		"locality":       {"Localité", "Province de résidence"},
		"reception_date": {"Jour d'accueil", "Date de la visite", "Date de l’entretien"},
	} {
		for _, header := range headers {
			a := m.assign([]heading{new(Sheet).heading(1, header)})
			c, ok := a.field[1]
			if !ok {
				t.Errorf("%q is not read, want %s (claims %s)", header, field, claimed(m, header))
			} else if got := m.Fields[c.field].Name; got != field {
				t.Errorf("%q is read as %s, want %s", header, got, field)
			}
		}
	}
}

// A quarter under a short label counts: without it, four quarters' files would
// be one year's, each taking the place of the one before.
func TestShortQuarterLabels(t *testing.T) {
	for _, label := range []string{"Trim.", "TRIM", "Trim. :"} {
		f, ok := guide(t, "EN", "Identification").Form(page("Identification", "Structure (centre) | CFA Akkari\nAnnée | #2020\n"+label+" | T4"))
		if !ok {
			t.Fatalf("%q: not understood as a form", label)
		}
		got := map[string]string{}
		for _, e := range f.Entries {
			got[e.Field.Name] = e.Value.Display()
		}
		if got["quarter"] != "T4" {
			t.Errorf("%q: form read as %v", label, got)
		}
	}
}
