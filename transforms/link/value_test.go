package link

import (
	"reflect"
	"testing"
)

func TestDates(t *testing.T) {
	plain := newDateReader("", []string{"03/02/1990", "25/12/1988", "1990-02-03"})
	for raw, want := range map[string]birthDate{
		"1990-02-03":          {"19900203", 1990},
		"1990-02-03 00:00:00": {"19900203", 1990},
		"1990-02-03T00:00:00": {"19900203", 1990},
		"03/02/1990":          {"19900203", 1990},
		"3.2.1990":            {"19900203", 1990},
		"19900203":            {"19900203", 1990},
		"03021990":            {"19900203", 1990},
		"٠٣/٠٢/١٩٩٠":          {"19900203", 1990},
		"01/01/1990":          {"", 1990}, // the day of those who don't know theirs
		"1990-01-01":          {"", 1990},
		"1990":                {"", 1990},
		"02/1990":             {"", 1990},
		"1990-02":             {"", 1990},
		"31/02/1990":          {"19900231", 1990}, // a slip still compares
	} {
		if got, ok := plain.date(raw); !ok || got != want {
			t.Errorf("%s: %+v, %v; want %+v", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"", "hier", "12", "3/2/90x", "0000-00-00"} {
		if got, ok := plain.date(raw); ok {
			t.Errorf("%q is a date: %+v", raw, got)
		}
	}
	american := newDateReader("", []string{"02/25/1990", "12/31/1988", "03/02/1990"})
	if got, _ := american.date("02/03/1990"); got.digits != "19900203" {
		t.Errorf("months first: %+v", got)
	}
	febrl := newDateReader("20060102", nil)
	if got, _ := febrl.date("19081340"); got.digits != "19081340" {
		t.Errorf("an impossible day in the declared layout: %+v", got)
	}
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		raw  string
		want string // "": nothing
	}{
		{Identifier, " a-112 233/b ", "A112233B"}, {Identifier, "000000", ""}, {Identifier, "néant", ""},
		{Phone, "+212 6 12 34 56 01", "612345601"}, {Phone, "0612345601", "612345601"}, {Phone, "00212612345601", "612345601"}, {Phone, "12", ""},
		{Phone, "٠٦١٢٣٤٥٦٠١", "612345601"},
		{Email, " A.B@Example.org ", "a.b@example.org"}, {Email, "sans", ""},
		{Sex, "Femme", "F"}, {Sex, "ذكر", "H"}, {Sex, "أنثى", "F"}, {Sex, "M", "H"}, {Sex, "ND", ""},
		{Postcode, "10 000", "10000"}, {Category, " Réfugié ", "refugie"}, {Nationality, "n/a", ""},
		{Address, "12, Rue Ibn Sina", "12rueibnsina"}, {Locality, "Salé", "sale"},
	} {
		got, ok := extract(c.kind, c.raw, dateReader{})
		if ok != (c.want != "") || ok && got.text != c.want {
			t.Errorf("%s %q: %q, %v; want %q", c.kind, c.raw, got.text, ok, c.want)
		}
	}
}

// A full name is cut where the words that are names elsewhere say.
func TestSplitFullName(t *testing.T) {
	r := &roles{given: map[string]float64{}, family: map[string]float64{}}
	for given, family := range map[string]string{
		"Aminata": "Diallo", "Yao": "Kouassi", "Jean Pierre": "Mbarga", "Mohamed": "El Idrissi", "Fatima Zahra": "Ben Ali", "Grace": "Mukendi",
	} {
		r.learn(GivenName, given, 3)
		r.learn(FamilyName, family, 3)
	}
	for full, want := range map[string][2]string{
		"DIALLO Aminata":       {"DIALLO", "Aminata"},
		"Aminata Diallo":       {"Diallo", "Aminata"},
		"AMINATA JALLOW":       {"JALLOW", "AMINATA"},
		"Jean Pierre MBARGA":   {"MBARGA", "Jean Pierre"},
		"El Idrissi Mohammed":  {"El Idrissi", "Mohammed"},
		"Ben Ali Fatima Zahra": {"Ben Ali", "Fatima Zahra"},
		"KONE Xyz":             {"KONE", "Xyz"},
		"Xyz KONE":             {"KONE", "Xyz"},
		"Xyz Kone":             {"Xyz", "Kone"},
		"Diallo":               {"Diallo", ""},
	} {
		family, given := r.split(full)
		if got := [2]string{family, given}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q; want %q", full, got, want)
		}
	}
}
