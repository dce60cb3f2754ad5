package layout

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A form is read wherever its values stand.
func TestForm(t *testing.T) {
	want := map[string]string{"structure": "CFA Akkari", "region": "Rabat-Salé-Kénitra", "year": "2020", "quarter": "T4"}
	for name, c := range map[string]struct {
		text   string
		merged []string
		want   map[string]string
	}{
		"values on the right": {text: `
IDENTIFICATION
Structure (centre) | CFA Akkari
Région | Rabat-Salé-Kénitra
Année | #2020
Trimestre | T4`},
		"an empty column between": {text: `
Centre : | | CFA Akkari
Région : | | Rabat-Salé-Kénitra
Année : | | 2020
Trimestre : | | T4`},
		"several empty columns between": {text: `
 | STRUCTURE : | | | | CFA Akkari
 | RÉGION : | | | | Rabat-Salé-Kénitra
 | ANNÉE : | | | 2020
 | TRIMESTRE : | | T4`},
		"a remark far on the right is no value": {text: `
Structure | | | CFA Akkari
Année | | | (sur quatre chiffres)
Trimestre | | |`,
			want: map[string]string{"structure": "CFA Akkari", "year": "", "quarter": ""}},
		"in the label's own cell": {text: `
Structure : CFA Akkari
Région: Rabat-Salé-Kénitra | Année : 2020 | Trimestre : T4`},
		"below, side by side": {text: `
Structure | Région | Année | Trimestre
CFA Akkari | Rabat-Salé-Kénitra | #2020 | T4`},
		"merged labels, help beside the value": {text: `
 | Structure (centre) | | CFA Akkari |
 | Région | | Rabat-Salé-Kénitra |
 | Année * | | #2020 | quatre chiffres, par exemple 2020
 | Trimestre | | T4 | T1, T2, T3 ou T4 ; vide pour l'année entière`,
			merged: []string{"B1:C1", "B2:C2", "B3:C3", "B4:C4"}},
		"in Arabic": {text: `
المؤسسة (المركز) | CFA Akkari
الجهة | Rabat-Salé-Kénitra
السنة | #2020
الفصل | T4`},
		"help is no value": {text: `
Structure | CFA Akkari
Année | | quatre chiffres, par exemple 2020
Trimestre | | T1, T2, T3 ou T4 ; vide pour l'année entière`,
			want: map[string]string{"structure": "CFA Akkari", "year": "", "quarter": ""}},
		"an empty value is not the next label": {text: `
Structure | CFA Akkari
Région |
Année | Trimestre`,
			want: map[string]string{"structure": "CFA Akkari", "region": "", "year": "", "quarter": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			f, ok := guide(t, "EN", "Identification").Form(page("Identification", c.text, c.merged...))
			if !ok {
				t.Fatal("not understood as a form")
			}
			got := map[string]string{}
			for _, e := range f.Entries {
				got[e.Field.Name] = e.Value.Display()
			}
			if c.want == nil {
				c.want = want
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("values (-want +got):\n%s", d)
			}
		})
	}
}
