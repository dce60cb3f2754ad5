package fold

import "testing"

func TestMonthsQuarter(t *testing.T) {
	for text, want := range map[string]int{
		"Octobre - Décembre 2020": 4, "janv. à mars": 1, "Avril, mai, juin": 2, "من يوليوز إلى شتنبر 2020": 3, "État d'octobre à décembre 2020 (provisoire)": 4,
		"كانون الثاني - آذار": 1, "July to September": 3,
		"Octobre": 0, "mars - mai": 0, "janvier - juin 2020": 0, "décembre - octobre": 0, "janvier à mars, mai": 0, "janvier mars avril": 0, "": 0, "Nom": 0,
	} {
		if got := MonthsQuarter(Key(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
