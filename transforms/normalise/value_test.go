package normalise

import (
	"strings"
	"testing"

	"cp3/connectors"
	"cp3/pipeline"

	"github.com/google/go-cmp/cmp"
)

func TestSex(t *testing.T) {
	var habits []habit
	for _, s := range []string{"F", "f", " F ", "F.", "Femme", "FEMME", "Fille", "Mme", "Mlle", "Mme.", "Féminin", "feminin", "Female", "femelle", "2", "٢", "أنثى", "انثى", "إناث", "امرأة", "بنت", "♀", "2 - Femme", "أنثى / Femme", "Femme (F)"} {
		habits = append(habits, habit{text(s), "Femme", ""})
	}
	for _, s := range []string{"H", "h", "M", "m", "M.", "Mr", "Homme", "HOMME", "Masculin", "garçon", "GARCON", "male", "Mâle", "1", "ذكر", "رجل", "ذكور", "♂", "H/M", "1: Homme"} {
		habits = append(habits, habit{text(s), "Homme", ""})
	}
	habits = append(habits, habit{num(1), "Homme", ""}, habit{num(2), "Femme", ""},
		habit{num(3), "!", "sex.unknown"}, habit{text("F/H"), "!", "sex.unknown"}, habit{text("Femmme"), "!", "sex.unknown"}, habit{text("peut-être"), "!", "sex.unknown"},
		habit{boolean(1), "!", "sex.unknown"}, habit{text("ND"), "", ""}, habit{text("non déclaré"), "", ""})
	check(t, connectors.Field{Type: connectors.SexType}, habits)
	v, _ := Field(env(t), &connectors.Field{Type: connectors.SexType}, text("Mme"))
	if v.Code != string(pipeline.Women) {
		t.Errorf("Mme has code %q", v.Code)
	}
	v, _ = Field(env(t), &connectors.Field{Type: connectors.SexType}, num(1))
	if v.Code != string(pipeline.Men) {
		t.Errorf("1 has code %q", v.Code)
	}
}

func TestYesNo(t *testing.T) {
	var habits []habit
	for _, s := range []string{"oui", "OUI", "Oui ", "o", "O", "yes", "Y", "x", "X", "✓", "✔️", "☑", "1", "vrai", "TRUE", "نعم", "oui (x)"} {
		habits = append(habits, habit{text(s), "Oui", ""})
	}
	for _, s := range []string{"non", "NON", "n", "no", "0", "faux", "FALSE", "لا", "✗"} {
		habits = append(habits, habit{text(s), "Non", ""})
	}
	habits = append(habits, habit{boolean(1), "Oui", ""}, habit{boolean(0), "Non", ""}, habit{num(1), "Oui", ""}, habit{num(0), "Non", ""},
		habit{text("Oui, depuis mars"), "Oui", "yes_no.with_comment"}, habit{text("non (en cours)"), "Non", "yes_no.with_comment"},
		habit{text("peut-être"), "!", "yes_no.unreadable"}, habit{text("oui/non"), "!", "yes_no.unreadable"}, habit{num(2), "!", "yes_no.unreadable"}, habit{text("o p"), "!", "yes_no.unreadable"})
	check(t, connectors.Field{Type: connectors.YesNo}, habits)
}

func TestCodes(t *testing.T) {
	check(t, connectors.Field{Type: connectors.CodeType, List: "status"}, []habit{
		{text("Régularisé(e)"), "Régularisé(e)", ""},
		{text("REGULARISE"), "Régularisé(e)", ""},
		{text("régularisée"), "Régularisé(e)", ""},
		{text("réfugié statutaire"), "Réfugié(e)", ""},
		{text("demandeuse d’asile"), "Demandeur d'asile", ""},
		{text("طالب لجوء"), "Demandeur d'asile", ""},
		{text("لاجئة"), "Réfugié(e)", ""},
		{text("étudiante"), "Étudiant(e)", ""},
		{text("en cours"), "En cours de régularisation", ""},
		{text("Régulrisé"), "Régulrisé", "code.resembles"},
		{text("astronaute"), "astronaute", "code.unlisted"},
	})
	check(t, connectors.Field{Type: connectors.CodeType, List: "doc_type"}, []habit{
		{text("CS"), "Carte de séjour", ""},
		{text("titre de séjour"), "Carte de séjour", ""},
		{text("UNHCR"), "Carte HCR", ""},
		{text("passport"), "Passeport", ""},
		{text("جواز السفر"), "Passeport", ""},
		{text("aucun"), "", ""},
	})
	check(t, connectors.Field{Type: connectors.CodeType, List: "region"}, []habit{
		{num(4), "Rabat-Salé-Kénitra", ""},
		{text("04"), "Rabat-Salé-Kénitra", ""},
		{text("rabat sale kenitra"), "Rabat-Salé-Kénitra", ""},
		{text("Rabat-Sale-Kenittra"), "!", "code.misspelt"},
		{text("Bretagne"), "!", "code.unknown"},
	})
	check(t, connectors.Field{Type: connectors.CodeType, List: "province"}, []habit{
		{num(4.421), "Rabat", ""}, {text("04.421"), "Rabat", ""}, {text("Temara"), "Skhirate-Témara", ""}, {text("Tetouan"), "Tétouan", ""},
		{text("العرائش"), "Larache", ""}, {text("Casa"), "Casablanca", ""}, {text("ain sebaa"), "Casablanca", ""},
	})
	if v, _ := Field(env(t), &connectors.Field{Type: connectors.CodeType, List: "province"}, text("Salé")); v.Code != "04.441" || v.Attrs["region"] != "04" {
		t.Errorf("Salé is %+v", v)
	}
	if v, found := Field(Env{}, &connectors.Field{Type: connectors.CodeType, List: "nowhere"}, text("x y")); !v.Refused || len(found) != 1 {
		t.Errorf("without its list, a code is %+v, %v", v, found)
	}
}

// Proposals are written the way the member writes.
func TestProposalsSpeakTheMembersScript(t *testing.T) {
	e := env(t)
	_, found := Field(e, &connectors.Field{Type: connectors.Nationality}, text("Sengalais"))
	if len(found) != 1 || !strings.HasPrefix(found[0].Args["nearest"], "Sénégal") {
		t.Errorf("Sengalais: %v", found)
	}
	_, found = Field(e, &connectors.Field{Type: connectors.Nationality}, text("سنغلي"))
	if len(found) != 1 || !strings.HasPrefix(found[0].Args["nearest"], "السنغال") {
		t.Errorf("سنغلي: %v", found)
	}
}

func TestNationalities(t *testing.T) {
	check(t, connectors.Field{Type: connectors.Nationality}, []habit{
		{text("Sénégalaise"), "Sénégal", ""}, {text("SENEGALAIS"), "Sénégal", ""}, {text("Sénégal"), "Sénégal", ""}, {text("SEN"), "Sénégal", ""}, {text("sn"), "Sénégal", ""},
		{text("السنغال"), "Sénégal", ""}, {text("سنغالية"), "Sénégal", ""}, {text("Sénégalais(e)"), "Sénégal", ""}, {text("Senegalese"), "Sénégal", ""}, {text("Sénégal / السنغال"), "Sénégal", ""},
		{text("SEN - Sénégal"), "Sénégal", ""}, {text("nationalité sénégalaise"), "Sénégal", ""}, {text("Maliens"), "Mali", ""}, {text("Camerounaises"), "Cameroun", ""}, {text("République du Mali"), "Mali", ""}, {text("Rép. du Mali"), "Mali", ""},
		{text("cote d'ivoire"), "Côte d'Ivoire", ""}, {text("Côte d ivoire"), "Côte d'Ivoire", ""}, {text("Ivory Coast"), "Côte d'Ivoire", ""}, {text("RCI"), "Côte d'Ivoire", ""}, {text("ivoirienne"), "Côte d'Ivoire", ""},
		{text("Guinée Conakry"), "Guinée", ""}, {text("Guinée-Bissau"), "Guinée-Bissau", ""}, {text("guinéen"), "Guinée", ""}, {text("RDC"), "Congo (RDC)", ""}, {text("R.D.C."), "Congo (RDC)", ""},
		{text("congolaise (RDC)"), "Congo (RDC)", ""}, {text("Niger"), "Niger", ""}, {text("Nigeria"), "Nigéria", ""}, {text("nigérienne"), "Niger", ""}, {text("nigériane"), "Nigéria", ""},
		{text("syrienne"), "Syrie", ""}, {text("سورية"), "Syrie", ""}, {text("apatride"), "Apatride", ""}, {text("NA"), "", ""}, {text("Namibie"), "Namibie", ""},
		{text("Congo"), "!", "nationality.misspelt"}, {text("congolaise"), "!", "nationality.misspelt"}, {text("Cammeroun"), "!", "nationality.misspelt"},
		{text("Mali/Sénégal"), "!", "nationality.misspelt"}, {text("Wakanda"), "!", "nationality.unknown"}, {num(7), "!", "nationality.unknown"},
	})
}

// Every spelling of every nationality leads to its code, alone and with what
// people write around it. That no two codes share one is checked by the loader.
func TestEveryNationalitySpelling(t *testing.T) {
	e := env(t)
	n := 0
	for _, c := range e.Lists["nationality"].Codes {
		for _, s := range append([]string{c.Code, c.Label.FR, c.Label.AR}, c.Aliases...) {
			for _, typed := range []string{s, strings.ToUpper(s), " " + strings.ToLower(s) + " ", s + " (" + c.Code + ")"} {
				n++
				v, found := Field(e, &connectors.Field{Type: connectors.Nationality}, text(typed))
				if v.Code != c.Code {
					t.Errorf("%q is %q, want %s; found %v", typed, v.Code, c.Code, found)
				}
			}
		}
	}
	if n < 5000 {
		t.Errorf("only %d spellings", n)
	}
}

func TestNames(t *testing.T) {
	for _, ft := range []connectors.FieldType{connectors.FamilyName, connectors.GivenName, connectors.FullName} {
		check(t, connectors.Field{Type: ft, Required: true}, []habit{
			{text("DIALLO"), "DIALLO", ""},
			{text("  DIALLO   Aïssatou "), "DIALLO Aïssatou", ""},
			{text("N'Guessan"), "N'Guessan", ""},
			{text("Aı\u0308ssatou"), "Aı\u0308ssatou", ""},
			{text("Ai\u0308ssatou"), "Aïssatou", ""},
			{text("محمـــد"), "محمد", ""},
			{text("Fa\u200btou"), "Fatou", ""},
			{text("Mme Fatou Diop"), "Fatou Diop", ""},
			{text("M. Bah"), "M. Bah", ""},
			{text("السيد محمد"), "محمد", ""},
			{text("Madame"), "Madame", ""},
			{text("Diallo2"), "Diallo2", "name.has_digits"},
			{text("NOM1000"), "NOM1000", "name.has_digits"},
			{text("ZZ988104"), "!", "name.is_number"},
			{text("B"), "B", "name.too_short"},
			{text("612345678"), "!", "name.is_number"},
			{text("BE12345"), "!", "name.is_number"},
			{num(12), "!", "name.is_number"},
			{dateCell(44196), "!", "name.is_number"},
			{text("fatou@exemple.org"), "!", "name.is_email"},
		})
	}
}

func TestNumbers(t *testing.T) {
	check(t, connectors.Field{Type: connectors.Integer}, []habit{
		{num(12), "12", ""}, {text("12"), "12", ""}, {text("١٢"), "12", ""}, {text("1 250"), "1250", ""}, {text("1\u202f250"), "1250", ""}, {text("1\u00a0250"), "1250", ""}, {text("1'250"), "1250", ""},
		{text("1.250"), "1250", ""}, {text("1,250"), "1250", ""}, {text("12,0"), "12", ""}, {num(11.9999999999), "12", ""}, {text("'12"), "12", ""}, {text("12 personnes"), "12", ""}, {text("6 mois"), "6", ""}, {text("+5"), "5", ""},
		{dateCell(12), "12", ""},
		{text("12,5"), "!", "number.fraction"}, {num(12.5), "!", "number.fraction"}, {num(-1), "!", "number.negative"}, {text("-3"), "!", "number.negative"}, {text("−3"), "!", "number.negative"},
		{text("3 ou 4"), "!", "number.unreadable"}, {text("1 2"), "!", "number.unreadable"}, {text("douze"), "!", "number.unreadable"}, {text("12 %"), "!", "number.unreadable"}, {percentCell(0.5), "!", "number.unreadable"},
		{num(1e15), "!", "number.unreadable"}, {boolean(1), "!", "number.unreadable"}, {dateCell(44196), "!", "number.is_date"}, {text("31/12/2020"), "!", "number.unreadable"}, {text("1e5"), "!", "number.unreadable"},
	})
	check(t, connectors.Field{Type: connectors.Decimal}, []habit{
		{num(12.5), "12.5", ""}, {text("12,5"), "12.5", ""}, {text("12.5"), "12.5", ""}, {text("1 234,56"), "1234.56", ""}, {text("1.234,56"), "1234.56", ""}, {text("1,234.56"), "1234.56", ""},
		{text("1.234.567"), "1234567", ""}, {text("0,75"), "0.75", ""}, {text(",5"), "0.5", ""}, {text("12٫5"), "12.5", ""}, {text("5 000 DH"), "5000", ""}, {text("5000,00 MAD"), "5000", ""}, {text("1,234"), "1.234", ""},
		{text("-2,5"), "-2.5", ""}, {text("41 %"), "41", ""}, {percentCell(0.41), "41", ""}, {num(0.1 + 0.2), "0.3", ""},
		{text("12,5,6"), "!", "number.unreadable"}, {text("12 5"), "!", "number.unreadable"},
	})
	lo, hi := 1.0, 36.0
	check(t, connectors.Field{Type: connectors.Integer, Min: &lo, Max: &hi}, []habit{
		{num(1), "1", ""}, {num(36), "36", ""}, {num(0), "!", "number.below_min"}, {num(37), "!", "number.above_max"},
	})
}

func TestPercents(t *testing.T) {
	check(t, connectors.Field{Type: connectors.Percent}, []habit{
		{num(41), "41 %", ""}, {num(0.41), "41 %", ""}, {percentCell(0.41), "41 %", ""}, {text("41 %"), "41 %", ""}, {text("41%"), "41 %", ""}, {text("41\u202f%"), "41 %", ""}, {text("41,2 %"), "41.2 %", ""},
		{text("٤١٪"), "41 %", ""}, {text("٪٤١"), "41 %", ""}, {text("% 41"), "41 %", ""}, {text("0,41"), "41 %", ""}, {text("0,5 %"), "0.5 %", ""}, {percentCell(1), "100 %", ""}, {percentCell(0.01), "1 %", ""}, {text("1 %"), "1 %", ""}, {num(0), "0 %", ""}, {num(100), "100 %", ""},
		{num(1), "100 %", "percent.one"}, {text("1"), "100 %", "percent.one"},
		{num(107.1), "!", "percent.out_of_range"}, {text("-5 %"), "!", "percent.out_of_range"}, {percentCell(1.5), "!", "percent.out_of_range"}, {text("beaucoup"), "!", "number.unreadable"},
	})
	hi := 500.0
	check(t, connectors.Field{Type: connectors.Percent, Max: &hi}, []habit{{num(107.1), "107.1 %", ""}})
}

func TestYearsAndQuarters(t *testing.T) {
	check(t, connectors.Field{Type: connectors.Year}, []habit{
		{num(2020), "2020", ""}, {text("2020"), "2020", ""}, {text("Année 2020"), "2020", ""}, {text("٢٠٢٠"), "2020", ""}, {dateCell(2020), "2020", ""}, {dateCell(44196), "2020", "year.is_date"},
		{text("20"), "!", "year.unreadable"}, {num(202), "!", "year.unreadable"}, {num(1919), "!", "year.unreadable"}, {text("2019-2020"), "!", "year.unreadable"}, {dateCell(5), "!", "year.unreadable"},
	})
	check(t, connectors.Field{Type: connectors.Quarter}, []habit{
		{num(1), "T1", ""}, {text("1"), "T1", ""}, {text("T1"), "T1", ""}, {text("t4"), "T4", ""}, {text("Q3"), "T3", ""}, {text("1er trimestre"), "T1", ""}, {text("1er Trim."), "T1", ""}, {text("Trim. 1"), "T1", ""},
		{text("2ème trimestre"), "T2", ""}, {text("2e trimestre 2020"), "T2", ""}, {text("T4 2020"), "T4", ""}, {text("T4-2020"), "T4", ""}, {text("quatrième trimestre"), "T4", ""}, {text("Trimestre IV"), "T4", ""},
		{text("الفصل الأول"), "T1", ""}, {text("الفصل الرابع"), "T4", ""}, {text("الربع الثالث"), "T3", ""}, {text("الفصل ٢"), "T2", ""}, {text("Octobre - Décembre 2020"), "T4", ""}, {text("avril à mai"), "!", "quarter.unreadable"},
		{num(5), "!", "quarter.unreadable"}, {text("T5"), "!", "quarter.unreadable"}, {text("T1 et T2"), "!", "quarter.unreadable"}, {text("trimestre"), "!", "quarter.unreadable"}, {num(1.5), "!", "quarter.unreadable"},
	})
	check(t, connectors.Field{Type: connectors.SchoolYear}, []habit{
		{text("2019-2020"), "2019-2020", ""}, {text("2019/2020"), "2019-2020", ""}, {text("2019/20"), "2019-2020", ""}, {text("19/20"), "2019-2020", ""}, {text("2019 - 2020"), "2019-2020", ""}, {text("2020/2019"), "2019-2020", ""},
		{text("Promotion 2019-2020"), "2019-2020", ""}, {num(2019), "2019-2020", ""}, {text("2019"), "2019-2020", ""}, {num(20192020), "2019-2020", ""}, {text("٢٠١٩-٢٠٢٠"), "2019-2020", ""}, {dateCell(2019), "2019-2020", ""},
		{text("2018-2020"), "!", "school_year.unreadable"}, {text("première année"), "!", "school_year.unreadable"}, {num(19), "!", "school_year.unreadable"}, {dateCell(44196), "!", "school_year.unreadable"},
	})
	if v, _ := Field(env(t), &connectors.Field{Type: connectors.SchoolYear}, text("2019/20")); v.Number != 2019 || v.Date.Year != 2019 {
		t.Errorf("2019/20 is %+v", v)
	}
}

func TestPapers(t *testing.T) {
	check(t, connectors.Field{Type: connectors.DocNumber}, []habit{
		{text("b 123-456 x"), "B123456X", ""}, {text("B123456X"), "B123456X", ""}, {text("526-17C00123"), "52617C00123", ""}, {text("N° B123456X"), "B123456X", ""}, {text("CS B123456"), "B123456", ""},
		{text("Passeport : A01234567"), "A01234567", ""}, {text("O0123456"), "O0123456", ""}, {num(12345678), "12345678", ""}, {text("١٢٣٤٥٦"), "123456", ""}, {text("HCR N° 526-17C00123"), "52617C00123", ""},
		{text("B123456X / A01234567"), "B123456X", "document.several"}, {text("B123456X\nA01234567"), "B123456X", "document.several"},
		{text("en cours"), "!", "document.malformed"}, {text("12"), "!", "document.malformed"}, {num(12.5), "!", "document.malformed"}, {text(strings.Repeat("1", 21)), "!", "document.malformed"},
		{num(1234567890123456), "!", "digits.lost"}, {text("1,23457E+15"), "!", "digits.lost"}, {text("sans"), "", ""},
	})
	check(t, connectors.Field{Type: connectors.ICE}, []habit{
		{text("001234567000089"), "001234567000089", ""}, {text("001 234 567 0000 89"), "001234567000089", ""}, {text("ICE : 001234567000089"), "001234567000089", ""}, {num(1234567000089), "001234567000089", ""},
		{text("1234567000089"), "001234567000089", ""}, {num(123456789012345), "123456789012345", ""},
		{text("12345"), "!", "ice.malformed"}, {text("0012345670000891"), "!", "ice.malformed"}, {text("en cours"), "!", "ice.malformed"}, {num(12.5), "!", "ice.malformed"},
	})
	check(t, connectors.Field{Type: connectors.Identifier}, []habit{
		{text("  2020/RB-0012 "), "2020/RB-0012", ""}, {num(20200012), "20200012", ""}, {num(1e15), "!", "digits.lost"},
	})
	check(t, connectors.Field{Type: connectors.TextType}, []habit{{text(" Société  Exemple\nSARL"), "Société Exemple SARL", ""}, {num(12.5), "12.5", ""}, {dateCell(44196), "31/12/2020", ""}})
}

func TestPhones(t *testing.T) {
	check(t, connectors.Field{Type: connectors.Phone}, []habit{
		{text("0612345678"), "+212612345678", ""}, {text("06 12 34 56 78"), "+212612345678", ""}, {text("06.12.34.56.78"), "+212612345678", ""}, {text("06-12-34-56-78"), "+212612345678", ""}, {text("06/12/34/56/78"), "+212612345678", ""},
		{text("07 12 34 56 78"), "+212712345678", ""}, {text("0537123456"), "+212537123456", ""}, {num(612345678), "+212612345678", ""}, {num(212612345678), "+212612345678", ""}, {text("612345678"), "+212612345678", ""},
		{text("+212 6 12 34 56 78"), "+212612345678", ""}, {text("+212 (0)6 12 34 56 78"), "+212612345678", ""}, {text("00212612345678"), "+212612345678", ""}, {text("+2120612345678"), "+212612345678", ""}, {text("٠٦١٢٣٤٥٦٧٨"), "+212612345678", ""},
		{text("+221 77 123 45 67"), "+221771234567", ""}, {text("00221 77 123 45 67"), "+221771234567", ""}, {text("221771234567"), "+221771234567", ""}, {text("Tél : 06 12 34 56 78"), "+212612345678", ""}, {text("GSM 0612345678"), "+212612345678", ""},
		{text("06 12 34 56 78 / 07 11 22 33 44"), "+212612345678", "phone.several"}, {text("0612345678\n0711223344"), "+212612345678", "phone.several"}, {text("0612345678 ou 0711223344"), "+212612345678", "phone.several"},
		{text("06 12 34 56"), "!", "phone.unreadable"}, {text("à demander"), "!", "phone.unreadable"}, {text("6666666666"), "!", "phone.unreadable"}, {num(12.5), "!", "phone.unreadable"}, {text("2,12612E+11"), "!", "digits.lost"}, {text("+212 6 12"), "!", "phone.unreadable"},
	})
	check(t, connectors.Field{Type: connectors.Email}, []habit{
		{text("Exemple@Exemple.ORG"), "exemple@exemple.org", ""}, {text("mailto:exemple@exemple.org;"), "exemple@exemple.org", ""}, {text("exemple@exemple"), "!", "email.malformed"}, {text("exemple"), "!", "email.malformed"}, {text("a@b.c d@e.f"), "!", "email.malformed"},
	})
}

func TestLocalities(t *testing.T) {
	e := env(t)
	f := connectors.Field{Type: connectors.Locality, List: "province"}
	tests := []struct{ typed, province, region string }{
		{"Rabat", "04.421", "04"}, {"RABAT", "04.421", "04"}, {"Témara", "04.501", "04"}, {"temara", "04.501", "04"}, {"Salé", "04.441", "04"}, {"سلا", "04.441", "04"}, {"Tetouan", "01.571", "01"},
		{"Casa", "06.141", "06"}, {"Ain Sebaa", "06.141", "06"}, {"الدار البيضاء", "06.141", "06"}, {"العرائش", "01.331", "01"}, {"Hay Riad, Rabat", "04.421", "04"}, {"Quartier Akkari Rabat", "04.421", "04"},
		{"Préfecture de Salé", "04.441", "04"}, {"Casablanca (Maârif)", "06.141", "06"}, {"Rabat-Salé-Kénitra", "", "04"}, {"RSK", "", "04"}, {"Rabat / Salé", "", "04"}, {"Rabat / Témara / Salé", "", "04"}, {"Rabat puis Casablanca", "", ""}, {"Tombouctou", "", ""},
		{"04.421", "04.421", "04"}, {"Fquih Ben Salah", "05.255", "05"}, {"M'diq", "01.573", "01"}, {"El Jadida", "06.181", "06"}, {"أكادير", "09.001", "09"},
	}
	for _, tt := range tests {
		v, found := Field(e, &f, text(tt.typed))
		if v.Text != tt.typed || v.Code != tt.province || v.Attrs["province"] != tt.province || v.Attrs["region"] != tt.region {
			t.Errorf("%q is %+v, found %v; want province %q, region %q", tt.typed, v, found, tt.province, tt.region)
		}
		again(t, e, f, v)
	}
	check(t, f, []habit{{text("Casablaca"), "Casablaca", "locality.misspelt"}, {text("Tombouctou"), "Tombouctou", ""}})
	check(t, connectors.Field{Type: connectors.Locality, List: "region"}, []habit{
		{text("RSK"), "RSK", ""}, {num(4), "4", ""}, {text("Rabat"), "Rabat", ""}, {text("Dra-Tafilalte"), "!", "region.misspelt"}, {text("Bretagne"), "!", "region.unknown"},
	})
	if v, _ := Field(e, &connectors.Field{Type: connectors.Locality, List: "region"}, text("Salé")); v.Code != "04" || v.Attrs["province"] != "04.441" {
		t.Errorf("in a column of regions, Salé is %+v", v)
	}
}

func TestInstitutions(t *testing.T) {
	e := env(t)
	f := connectors.Field{Type: connectors.Institutions, List: "institution"}
	tests := []struct {
		typed string
		want  []string
		found string
	}{
		{"EN", []string{"EN"}, ""},
		{"EN, ANAPEC, OFPPT", []string{"EN", "ANAPEC", "OFPPT"}, ""},
		{"EN ; ANAPEC / OFPPT", []string{"EN", "ANAPEC", "OFPPT"}, ""},
		{"Entraide Nationale\nANAPEC\nOFPPT", []string{"EN", "ANAPEC", "OFPPT"}, ""},
		{"EN, ANAPEC et OFPPT", []string{"EN", "ANAPEC", "OFPPT"}, ""},
		{"EN (2 personnes), ANAPEC (1)", []string{"EN", "ANAPEC"}, ""},
		{"EN - ANAPEC - OFPPT", []string{"EN", "ANAPEC", "OFPPT"}, ""},
		{"التعاون الوطني، أنابيك", []string{"EN", "ANAPEC"}, ""},
		{"EN, en, Entraide Nationale", []string{"EN"}, ""},
		{"Agence nationale de promotion de l'emploi et des compétences", []string{"ANAPEC"}, ""},
		{"Réseau marocain d'économie sociale et solidaire et EN", []string{"REMESS", "EN"}, ""},
		{"EN, Ministère de la Magie", []string{"EN"}, "institutions.unknown"},
		{"Ministère de la Magie", nil, "institutions.unreadable"},
	}
	for _, tt := range tests {
		v, findings := Field(e, &f, text(tt.typed))
		if d := cmp.Diff(tt.want, v.Codes); d != "" {
			t.Errorf("%q (-want +got):\n%s", tt.typed, d)
		}
		found := ""
		for _, fd := range findings {
			if told(t, fd) {
				found += fd.Code
			}
		}
		if found != tt.found {
			t.Errorf("%q: found %q, want %q", tt.typed, found, tt.found)
		}
		again(t, e, f, v)
	}
	for _, c := range e.Lists["institution"].Codes {
		for _, s := range append([]string{c.Code, c.Label.FR, c.Label.AR}, c.Aliases...) {
			if v, found := Field(e, &f, text(s)); len(v.Codes) != 1 || v.Codes[0] != c.Code {
				t.Errorf("%q is %v, want %s; found %v", s, v.Codes, c.Code, found)
			}
		}
	}
}

func TestIndicators(t *testing.T) {
	e := env(t)
	f := connectors.Field{Type: connectors.Indicator}
	tests := []struct {
		cell pipeline.Cell
		want string
	}{
		{text("1.2"), "1.2"}, {text("1,2"), "1.2"}, {num(1.2), "1.2"}, {num(1.2000000000000002), "1.2"}, {text("Ind. 1.2"), "1.2"}, {text("Indicateur 1.2 : Nombre de migrants"), "1.2"}, {text("OS1"), "OS1"}, {text("OS 1"), "OS1"}, {text("os1 - insertion"), "OS1"},
		{text("١.٢"), "1.2"}, {text("MAR1605211_Ind1.2"), "1.2"}, {dateCell(43832), "2.1"}, {text("2.1"), "2.1"},
	}
	for _, tt := range tests {
		v, found := Field(e, &f, tt.cell)
		if v.Code != tt.want {
			t.Errorf("%q is %q, want %q; found %v", tt.cell.Display(), v.Code, tt.want, found)
		}
		again(t, e, f, v)
	}
	for _, c := range e.Lists["indicator"].Codes {
		if v, _ := Field(e, &f, text(strings.ToUpper(c.Label.FR))); v.Code != c.Code {
			t.Errorf("label of %s is %q", c.Code, v.Code)
		}
	}
	check(t, f, []habit{{text("9.9"), "!", "indicator.unknown"}, {num(12), "!", "indicator.unknown"}, {text("Total des chats"), "!", "indicator.unknown"}})
}
