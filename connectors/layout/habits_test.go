package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cp3/pipeline"
)

// What focal points really do to a list, one test each.
func TestListHabits(t *testing.T) {
	for _, c := range []struct {
		name          string
		member, sheet string
		text          string
		merged        []string
		columns       []string // of each table
		rows          string
	}{
		{
			name: "header on the first row", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Sexe | Date de début
Diallo | Awa | F | @44105`,
			columns: []string{"A=family_name B=given_name C=sex D=start_date"}, rows: "hd",
		},
		{
			name: "titles and logos above", member: "AMAPPE", sheet: "Bourses",
			text: `
Royaume du Maroc

Liste des bénéficiaires de bourses
Année : | #2020

Nom | Prénom | Date de début
Diallo | Awa | @44105`,
			columns: []string{"A=family_name B=given_name C=start_date"}, rows: "ttthd",
		},
		{
			name: "header on row 30", member: "AMAPPE", sheet: "Bourses",
			text:    strings.Repeat("texte\n", 29) + "Nom | Prénom | Date de début\nDiallo | Awa | @44105",
			columns: []string{"A=family_name B=given_name C=start_date"}, rows: strings.Repeat("t", 29) + "hd",
		},
		{
			name: "header over two rows with merged cells", member: "AMAPPE", sheet: "Bourses",
			text: `
N° | Bénéficiaire | | | Bourse | |
 | Nom | Prénom | Sexe | Début | Montant | Mois
#1 | Diallo | Awa | F | @44105 | #500 | #9`,
			merged:  []string{"A1:A2", "B1:D1", "E1:G1"},
			columns: []string{"A?row_number B=family_name C=given_name D=sex E=start_date F=amount G=months"}, rows: "hhd",
		},
		{
			name: "two rows, only the pair means something", member: "EN", sheet: "Accueil",
			text: `
Nom | Prénom | Date | |
 | | d'accueil | de naissance | de référencement
Diallo | Awa | @44105 | @33000 | @44110`,
			columns: []string{"A=family_name B=given_name C=reception_date D=birth_date E=referral_date"}, rows: "hhd",
		},
		{
			name: "another order, renamed within reason, accents lost", member: "EN", sheet: "Accueil",
			text: `
DATE D ACCUEIL | PRENOM(S) | Nom du bénéficiaire | nationnalité | Sexe (F/H) | Prenoms inconnus
@44105 | Awa | Diallo | Mali | F | x`,
			columns: []string{"A=reception_date B=given_name C=family_name D=nationality E=sex F?unknown_column"}, rows: "hd",
		},
		{
			name: "a figure beside the header", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Sexe | Date de début | Montant | | #12 | @44105
Diallo | Awa | F | @44105 | #500`,
			columns: []string{"A=family_name B=given_name C=sex D=start_date E=amount G?unknown_column"}, rows: "hd",
		},
		{
			name: "a header of one's own, again and turned around", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom du bénéficiaire | Prénom usuel du bénéficiaire | Date de début exacte | Montant mensuel exact
Diallo | Awa | @44105 | #500
Prénom usuel du bénéficiaire | Montant mensuel exact | Nom du bénéficiaire | Date de début exacte
Awa | #600 | Bah | @44106`,
			columns: []string{"A=family_name B=given_name C=start_date D=amount", "A=given_name B=amount C=family_name D=start_date"}, rows: "hdhd",
		},
		{
			name: "columns counted under the header", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Sexe | Date de début
(1) | (2) | (3) | (4)
Diallo | Awa | F | @44105
#1 | #2 | #3 | #4`,
			columns: []string{"A=family_name B=given_name C=sex D=start_date"}, rows: "hhdd",
		},
		{
			name: "lines of dashes", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Sexe | Date de début
Diallo | Awa | F | @44105
- | - | - | -
/ | | … |`,
			columns: []string{"A=family_name B=given_name C=sex D=start_date"}, rows: "hdvv",
		},
		{
			name: "parts of a total under it", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Sexe | Date de début
Diallo | Awa | F | @44105
TOTAL | | #1 |
Dont femmes | | #1 |
Nombre total de bénéficiaires | | #1 |`,
			columns: []string{"A=family_name B=given_name C=sex D=start_date"}, rows: "hdsss",
		},
		{
			name: "in Arabic", member: "EN", sheet: "Accueil",
			text: `
الاسم العائلي | الإسم الشخصي | الجنس | الجنسية | تاريخ الاستقبال
ديالو | أوا | أنثى | مالي | @44105`,
			columns: []string{"A=family_name B=given_name C=sex D=nationality E=reception_date"}, rows: "hd",
		},
		{
			name: "in both languages", member: "ARTISANAT", sheet: "Apprentis / المتدربون",
			text: `
Nom / الاسم العائلي | Prénom الاسم الشخصي | Sexe - الجنس | Métier (الحرفة) | Date de début / تاريخ البداية
Diallo | Awa | أنثى | Poterie | @44105`,
			columns: []string{"A=family_name B=given_name C=sex D=trade E=start_date"}, rows: "hd",
		},
		{
			name: "extra columns", member: "AMAPPE", sheet: "Bourses",
			text: `
Âge | Nom | Prénom | Observations | Date de début | Nom du père
#20 | Diallo | Awa | rien | @44105 | Diallo`,
			columns: []string{"A?unknown_column B=family_name C=given_name D?unknown_column E=start_date F?unknown_column"}, rows: "hd",
		},
		{
			name: "empty rows, subtotals, a grand total, a signature", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Date de début | Montant
Diallo | Awa | @44105 | #500
Sous-total Rabat | | | =#500

Ba | Ali | @44105 | #500
المجموع | | | #500
TOTAL GÉNÉRAL | | | =#1000
 | | Cachet et signature |
Fait à Rabat | le 3 janvier | |`,
			columns: []string{"A=family_name B=given_name C=start_date D=amount"}, rows: "hdsdssnn",
		},
		{
			name: "the header repeated on each page", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Date de début
Diallo | Awa | @44105
Nom | Prénom | Date de début
Ba | Ali | @44105`,
			columns: []string{"A=family_name B=given_name C=start_date", "A=family_name B=given_name C=start_date"}, rows: "hdhd",
		},
		{
			name: "a second table under the first", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Date de début
Diallo | Awa | @44105

2e groupe
Prénom | Nom | Sexe | Date d'attribution
Ali | Ba | H | @44105`,
			columns: []string{"A=family_name B=given_name C=start_date", "A=given_name B=family_name C=sex D=start_date"}, rows: "hdthd",
		},
		{
			name: "a table of something else under the list", member: "EN", sheet: "Accueil",
			text: `
Nom | Prénom | Sexe | Date de naissance | Nationalité | Téléphone | Ville | Date d'accueil | Informé sur
Diallo | Awa | F | @33000 | Mali | 0612345678 | Rabat | @44105 | Emploi


 | Répartition par pays
 | Mali | #1
 | Total | #1`,
			columns: []string{"A=family_name B=given_name C=sex D=birth_date E=nationality F=phone G=locality H=reception_date I=informed_about"}, rows: "hdnos",
		},
		{
			name: "the template's example", member: "AMAPPE", sheet: "Bourses",
			text: `
N° | Nom | Prénom | Date de début
Exemple | DIALLO | Aïssatou | @44105
#1 | Ba | Ali | @44105
#2 | | |
مثال | DIALLO | Aïssatou | @44105`,
			columns: []string{"A?row_number B=family_name C=given_name D=start_date"}, rows: "hedve",
		},
		{
			name: "formulas pulled down below the list", member: "AMAPPE", sheet: "Bourses",
			text: `
Nom | Prénom | Date de début | Montant
Ba | Ali | @44105 | #500
 | | | =#0`,
			columns: []string{"A=family_name B=given_name C=start_date D=amount"}, rows: "hdv",
		},
		{
			name: "numbers that only number are no document numbers", member: "EN", sheet: "Accueil",
			text: `
N° d'ordre | Nom | N° de pièce | Date d'accueil
#1 | Ba | X12 | @44105`,
			columns: []string{"A?row_number B=family_name C=doc_number D=reception_date"}, rows: "hd",
		},
		{
			name: "quarters over women, men and total", member: "CP3-RSK", sheet: "Indicateurs",
			text: `
Code | Indicateur | Province | T1 2020 | | | 2ème trimestre | | | Cumul annuel
 | | | Femmes | Hommes | Total | F | H | T | Total
1.2 | Inscrits | Rabat | #1 | #2 | #3 | #4 | #5 | #9 | #12`,
			merged:  []string{"A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1"},
			columns: []string{"A=code B=indicator C=province D=2020-T1F E=2020-T1H F=2020-T1T G=T2F H=T2H I=T2T J=T"}, rows: "hhd",
		},
		{
			name: "quarters whose merges were lost", member: "CP3-CS", sheet: "Indicateurs",
			text: `
Indicateur | Province | الفصل الأول | | | Trimestre 4 | |
 | | Femmes | Hommes | Total | Femmes | Hommes | Total
Inscrits FP | Rabat | #1 | #2 | #3 | #4 | #5 | #9`,
			columns: []string{"A=indicator B=province C=T1F D=T1H E=T1T F=T4F G=T4H H=T4T"}, rows: "hhd",
		},
		{
			name: "quarter and sex in one header", member: "CP3-RSK", sheet: "Indicateurs",
			text: `
Code | Indicateur | Province | T1 Femmes | T1 Hommes | T1 Total | Observations
1.2 | Inscrits | Rabat | #1 | #2 | #3 | rien`,
			columns: []string{"A=code B=indicator C=province D=T1F E=T1H F=T1T G?unknown_column"}, rows: "hd",
		},
		{
			name: "one column an institution", member: "CP3-RSK", sheet: "Réunions",
			text: `
Date de la réunion | EN | ANAPEC | Département de la formation professionnelle | Total | Lieu
@44105 | 3/2 | 1/0 | 0/2 | #8 | Rabat`,
			columns: []string{"A=meeting_date B=EN C=ANAPEC D=DFP E?total_column F?unknown_column"}, rows: "hd",
		},
		{
			name: "two columns an institution", member: "CP3-RSK", sheet: "Réunions",
			text: `
Date | Entraide Nationale | | ANAPEC |
 | F | H | F | H
@44105 | #3 | #2 | #1 | #0`,
			merged:  []string{"A1:A2", "B1:C1", "D1:E1"},
			columns: []string{"A=meeting_date B=ENF C=ENH D=ANAPECF E=ANAPECH"}, rows: "hhd",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, ok := guide(t, pipeline.Member(c.member), c.sheet).List(page(c.sheet, c.text, c.merged...))
			if !ok {
				t.Fatal("no header found")
			}
			var columns []string
			for i := range l.Tables {
				columns = append(columns, mapping(&l.Tables[i]))
			}
			if d := cmp.Diff(c.columns, columns); d != "" {
				t.Errorf("columns (-want +got):\n%s", d)
			}
			if got := kinds(l); got != c.rows {
				t.Errorf("rows %q, want %q", got, c.rows)
			}
		})
	}
}
