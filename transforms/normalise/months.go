package normalise

import (
	"strings"

	"cp3/pipeline/fold"
)

// monthNames are the months as members write them: French and English, full and
// short; Arabic as in Morocco (غشت, دجنبر), in Algeria and Tunisia (جانفي, أوت), in
// Egypt (أغسطس, ديسمبر) and in the Levant (كانون الأول).
var monthNames = monthKeys([12]string{
	"janvier janv jan january jänner يناير جانفي كانون_الثاني",
	"février févr fév fevr feb february فبراير فيفري شباط",
	"mars mar march مارس آذار",
	"avril avr apr april أبريل افريل أفريل نيسان",
	"mai may ماي مايو أيار",
	"juin jun june يونيو يونيه جوان حزيران",
	"juillet juil juill jul july يوليوز يوليو يوليه جويلية تموز",
	"août aoû aug august غشت أغسطس أوت آب",
	"septembre sept sep september شتنبر سبتمبر أيلول",
	"octobre oct october أكتوبر اكتوبر تشرين_الأول",
	"novembre nov november نونبر نوفمبر تشرين_الثاني",
	"décembre déc dec december دجنبر ديسمبر كانون_الأول",
})

func monthKeys(lists [12]string) map[string]int {
	m := map[string]int{}
	for i, names := range lists {
		for name := range strings.FieldsSeq(names) {
			m[fold.Key(strings.ReplaceAll(name, "_", " "))] = i + 1
		}
	}
	return m
}

// unread are the words of a written date that say nothing more: articles,
// ordinals, days of the week.
var unread = keys("le", "du", "de", "en", "au", "a", "er", "ère", "ème", "e", "st", "nd", "rd", "th", "of", "né", "née", "date", "mois", "an", "année", "vers",
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"الاثنين", "الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد", "يوم", "شهر", "سنة", "عام", "في", "من", "م", "بتاريخ")
