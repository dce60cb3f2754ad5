package normalise

import (
	"testing"

	"cp3/connectors"
	"cp3/pipeline"
)

func TestServiceDates(t *testing.T) {
	all := connectors.Field{Type: connectors.DateType, CarriedOver: true}
	check(t, all, []habit{
		// As Excel has them.
		{dateCell(44196), "2020-12-31", ""},
		{dateCell(44196.75), "2020-12-31", ""},
		{num(44196), "2020-12-31", ""},
		{text("44196"), "2020-12-31", ""},
		{dateCell(2020), "2020", "date.year_shown_as_date date.year_only"},
		{num(2020), "2020", "date.year_only"},
		{num(31122020), "2020-12-31", ""},
		{num(1022020), "2020-02-01", ""},
		{num(20201231), "2020-12-31", ""},
		// Figures.
		{text("31/12/2020"), "2020-12-31", ""},
		{text("31-12-20"), "2020-12-31", ""},
		{text("31.12.2020"), "2020-12-31", ""},
		{text("31 12 2020"), "2020-12-31", ""},
		{text("1/2/2020"), "2020-02-01", ""},
		{text("2020-12-31"), "2020-12-31", ""},
		{text("2020/12/31"), "2020-12-31", ""},
		{text("31/12/2020."), "2020-12-31", ""},
		{text("31 / 12 / 2020"), "2020-12-31", ""},
		{text("٣١/١٢/٢٠٢٠"), "2020-12-31", ""},
		{text("\u200f31/12/2020"), "2020-12-31", ""},
		{text("12/2020"), "2020-12", ""},
		{text("2020-12"), "2020-12", ""},
		{text("2020"), "2020", "date.year_only"},
		// With a time.
		{text("31/12/2020 10:30"), "2020-12-31", ""},
		{text("2020-12-31T10:30:00Z"), "2020-12-31", ""},
		{text("2020-12-31 00:00:00"), "2020-12-31", ""},
		{text("2020-12-31T10:30:00.000+01:00"), "2020-12-31", ""},
		{text("31/12/2020 à 10h30"), "2020-12-31", ""},
		{text("31/12/2020 10:30 AM"), "2020-12-31", ""},
		// Words.
		{text("31 déc. 2020"), "2020-12-31", ""},
		{text("31 décembre 2020"), "2020-12-31", ""},
		{text("31-déc-20"), "2020-12-31", ""},
		{text("31DEC2020"), "2020-12-31", ""},
		{text("le 1er janvier 2020"), "2020-01-01", ""},
		{text("1er  Janvier 2020"), "2020-01-01", ""},
		{text("jeudi 31 décembre 2020"), "2020-12-31", ""},
		{text("15 AOUT 2020"), "2020-08-15", ""},
		{text("12 févr. 2020"), "2020-02-12", ""},
		{text("décembre 2020"), "2020-12", ""},
		{text("déc-20"), "2020-12", ""},
		{text("December 31, 2020"), "2020-12-31", ""},
		{text("31st Dec 2020"), "2020-12-31", ""},
		// Arabic: Morocco, Maghreb, Egypt, Levant.
		{text("31 دجنبر 2020"), "2020-12-31", ""},
		{text("٣١ دجنبر ٢٠٢٠"), "2020-12-31", ""},
		{text("15 غشت 2020"), "2020-08-15", ""},
		{text("5 شتنبر 2020م"), "2020-09-05", ""},
		{text("1 نونبر 2020"), "2020-11-01", ""},
		{text("20 يوليوز 2020"), "2020-07-20", ""},
		{text("2 يناير 2020"), "2020-01-02", ""},
		{text("3 جانفي 2020"), "2020-01-03", ""},
		{text("3 أوت 2020"), "2020-08-03", ""},
		{text("31 ديسمبر 2020"), "2020-12-31", ""},
		{text("9 أغسطس 2020"), "2020-08-09", ""},
		{text("4 كانون الثاني 2020"), "2020-01-04", ""},
		{text("4 كانون الأول 2020"), "2020-12-04", ""},
		{text("7 تشرين الأول 2020"), "2020-10-07", ""},
		{text("يوم الخميس 31 دجنبر 2020"), "2020-12-31", ""},
		// Month before day, when nothing else is possible.
		{text("12/31/2020"), "2020-12-31", "date.month_first"},
		{text("2020-31-12"), "2020-12-31", "date.month_first"},
		// What can't be read.
		{text("31/02/2020"), "!", "date.impossible"},
		{text("30 février 2020"), "!", "date.impossible"},
		{text("29/02/2019"), "!", "date.impossible"},
		{text("32/12/2020"), "!", "date.impossible"},
		{text("15/15/2020"), "!", "date.impossible"},
		{text("13/2020"), "!", "date.impossible"},
		{text("12/20"), "!", "date.ambiguous"},
		{text("311220"), "!", "date.ambiguous"},
		{text("31 décembre"), "!", "date.unreadable"},
		{text("2020 décembre 31"), "2020-12-31", ""},
		{text("décembre"), "!", "date.unreadable"},
		{text("1 2 décembre 2020"), "!", "date.unreadable"},
		{text("31/12/202"), "!", "date.unreadable"},
		{text("10h30"), "!", "date.unreadable"},
		{text("40 décembre 2020"), "!", "date.impossible"},
		{text("bientôt"), "!", "date.unreadable"},
		{text("du 01/10/2020 au 31/12/2020"), "!", "date.unreadable"},
		{text("2019-2020"), "!", "date.unreadable"},
		{text("T4 2020"), "!", "date.unreadable"},
		{text("1/1/1/2020"), "!", "date.unreadable"},
		{text("décembre janvier 2020"), "!", "date.unreadable"},
		{num(3.5), "!", "date.unreadable"},
		{num(-5), "!", "date.unreadable"},
		{num(99999999), "!", "date.unreadable"},
		{boolean(1), "!", "date.unreadable"},
		// What can't be meant.
		{text("31/12/2202"), "!", "date.implausible"},
		{text("31/12/1020"), "!", "date.implausible"},
		{text("31/12/1920"), "!", "date.implausible"},
		{text("15/06/2021"), "2021-06-15", "date.future"},
	})
}

func TestDatesAgainstThePeriod(t *testing.T) {
	check(t, connectors.Field{Type: connectors.DateType}, []habit{
		{text("01/10/2020"), "2020-10-01", ""},
		{text("31/12/2020"), "2020-12-31", ""},
		{text("12/2020"), "2020-12", ""},
		{text("2020"), "2020", "date.year_only"},
		{text("30/09/2020"), "2020-09-30", "date.outside_period"},
		{text("04/01/2021"), "2021-01-04", "date.outside_period"},
	})
	check(t, connectors.Field{Type: connectors.DateType, CarriedOver: true}, []habit{
		{text("30/09/2019"), "2019-09-30", ""},
		{text("04/01/2021"), "2021-01-04", "date.outside_period"},
	})
	e := env(t)
	e.Period, e.Today = pipeline.Period{}, pipeline.Date{}
	for _, s := range []string{"30/09/2019", "04/01/2099"} {
		if v, found := Field(e, &connectors.Field{Type: connectors.DateType}, text(s)); v.Refused || len(found) > 1 {
			t.Errorf("%s, with neither period nor today: %+v, %v", s, v, found)
		}
	}
}

func TestBirthDates(t *testing.T) {
	check(t, connectors.Field{Type: connectors.BirthDate}, []habit{
		{dateCell(33677), "1992-03-14", ""},
		{text("14/03/1992"), "1992-03-14", ""},
		{text("14/03/92"), "1992-03-14", ""},
		{text("14/03/05"), "2005-03-14", ""},
		{text("15/01/21"), "2021-01-15", ""},
		{text("16/01/21"), "1921-01-16", ""}, // 2021 would be tomorrow
		{text("01/01/1992"), "1992-01-01", ""},
		{text("1992"), "1992", ""},
		{num(1992), "1992", ""},
		{dateCell(1992), "1992", "date.year_shown_as_date"},
		{text("né en 1992"), "1992", ""},
		{text("vers 1992"), "1992", ""},
		{text("03/1992"), "1992-03", ""},
		{text("mars 1992"), "1992-03", ""},
		{text("١٩٩٢"), "1992", ""},
		{text("29/02/00"), "2000-02-29", ""},
		{text("25 ans"), "!", "birth.is_an_age"},
		{text("25"), "!", "birth.is_an_age"},
		{text("25 سنة"), "!", "birth.is_an_age"},
		{num(25), "!", "birth.is_an_age"},
		{text("14/03/2092"), "!", "birth.in_future"},
		{text("2022"), "!", "birth.in_future"},
		{text("14/03/1892"), "!", "birth.too_old"},
		{text("1919"), "!", "birth.too_old"},
		{text("31/06/1992"), "!", "date.impossible"},
		{text("inconnue"), "", ""},
		{text("jeune"), "!", "date.unreadable"},
	})
}

// A text date and the cell that shows it say the same day, for every day of a
// long century.
func TestSerialAndTextAgree(t *testing.T) {
	e := env(t)
	e.Today = pipeline.Date{Year: 2100, Month: 12, Day: 31}
	f := connectors.Field{Type: connectors.DateType}
	e.Period = pipeline.Period{}
	for serial := 32874.0; serial < 73000; serial += 11 { // from 1990 to 2099
		a, _ := Field(e, &f, dateCell(serial))
		b, _ := Field(e, &f, text(dateCell(serial).Display()))
		if a.Refused || a.Date != b.Date {
			t.Fatalf("serial %v: %v, its text %v", serial, a.Date, b.Date)
		}
	}
}
