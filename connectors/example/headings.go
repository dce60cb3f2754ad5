package example

// wording is a way of naming columns.
type wording uint8

const (
	official  wording = iota // as the template says
	shouted                  // CAPITALS WITHOUT ACCENTS
	reworded                 // in the clerk's own words
	shortened                // Abbreviated
	arabic
	bilingual
)

// headings are the words above each column, by field and wording; bilingual ones
// are made of the official and the Arabic one.
var headings = map[string][5]string{
	"family_name":         {"Nom", "NOM", "Nom du bénéficiaire", "Nom de famille", "الاسم العائلي"},
	"given_name":          {"Prénom", "PRENOM", "Prenoms du bénéficiaire", "Prénom(s)", "الاسم الشخصي"},
	"full_name":           {"Nom et prénom", "NOM ET PRENOM", "Nom complet", "Nom & prénom", "الاسم الكامل"},
	"sex":                 {"Sexe", "SEXE", "Genre", "F/H", "الجنس"},
	"birth_date":          {"Date de naissance", "DATE DE NAISSANCE", "Né(e) le", "DDN", "تاريخ الازدياد"},
	"nationality":         {"Nationalité", "NATIONALITE", "Pays d'origine", "Pays", "الجنسية"},
	"status":              {"Situation administrative", "STATUT", "Statut administratif", "Statut", "الوضعية الإدارية"},
	"doc_type":            {"Type de document", "TYPE DE PIECE", "Pièce d'identité", "Document", "نوع الوثيقة"},
	"doc_number":          {"N° du document", "N° DE LA PIECE", "Numéro de la pièce", "N° pièce", "رقم الوثيقة"},
	"phone":               {"Téléphone", "TELEPHONE", "N° de téléphone", "Tél.", "الهاتف"},
	"locality":            {"Ville / province", "VILLE", "Ville de résidence", "Ville", "المدينة"},
	"reception_date":      {"Date d'accueil", "DATE D'ACCUEIL", "Accueilli(e) le", "Date", "تاريخ الاستقبال"},
	"informed_about":      {"Informé sur", "INFORME SUR", "Objet de l'information", "Informé(e) sur", "موضوع الإخبار"},
	"referred_to":         {"Référé vers", "ORIENTE VERS", "Organisme de référence", "Orientation", "الإحالة"},
	"referral_date":       {"Date de référencement", "DATE D'ORIENTATION", "Date du référencement", "Référé le", "تاريخ التوجيه"},
	"centre":              {"Centre (CFA / CEF)", "CENTRE", "Centre de formation", "CFA/CEF", "المركز"},
	"targeted":            {"Centre ciblé", "CENTRE CIBLE", "Centre ciblé par le projet", "Ciblé", "مركز مستهدف"},
	"stream":              {"Filière", "FILIERE", "Formation suivie", "Spécialité", "الشعبة"},
	"technical":           {"Filière technique", "FILIERE TECHNIQUE", "Filière technique (oui/non)", "Technique", "شعبة تقنية"},
	"school_year":         {"Année de formation", "ANNEE DE FORMATION", "Année scolaire", "Promotion", "الموسم التكويني"},
	"enrolment_date":      {"Date d'inscription", "DATE D'INSCRIPTION", "Date d'entrée", "Inscrit le", "تاريخ التسجيل"},
	"grant":               {"Bourse", "BOURSE", "Bénéficie d'une bourse", "Boursier", "منحة"},
	"grant_body":          {"Organisme de la bourse", "ORGANISME BOURSIER", "Bourse accordée par", "Bailleur", "الجهة المانحة"},
	"result":              {"Résultat", "RESULTAT", "Issue de la formation", "Issue", "النتيجة"},
	"end_date":            {"Date de fin", "DATE DE FIN", "Date de fin de formation", "Fin de formation", "تاريخ الانتهاء"},
	"registration_number": {"N° d'inscription", "N° CE", "Numéro d'inscription", "N° dossier", "رقم التسجيل"},
	"agency":              {"Agence", "AGENCE", "Agence ANAPEC", "Agence locale", "الوكالة"},
	"registration_date":   {"Date d'inscription", "DATE INSCRIPTION", "Inscrit le", "Date", "تاريخ التسجيل"},
	"referred_by":         {"Référé par", "REFERE PAR", "Orienté par", "Provenance", "محال من طرف"},
	"support_type":        {"Type d'accompagnement", "TYPE DE PRESTATION", "Nature de l'accompagnement", "Type", "نوع المواكبة"},
	"support_service":     {"Prestation", "PRESTATION FOURNIE", "Intitulé de la prestation", "Service", "الخدمة"},
	"support_date":        {"Date de la prestation", "DATE D'ACCOMPAGNEMENT", "Date du service", "Date", "تاريخ الخدمة"},
	"placement_type":      {"Type d'insertion", "TYPE D'INSERTION", "Nature de l'insertion", "Type", "نوع الإدماج"},
	"placement_date":      {"Date d'insertion", "DATE D'INSERTION", "Date de l'insertion", "Date", "تاريخ الإدماج"},
	"employer":            {"Employeur", "EMPLOYEUR", "Entreprise d'accueil", "Entreprise", "المشغل"},
	"financed":            {"Financement obtenu", "FINANCEMENT", "Projet financé", "Financé", "الحصول على تمويل"},
	"viable":              {"Viable à 12 mois", "VIABLE A 12 MOIS", "Toujours en activité à 12 mois", "Viabilité à 12 mois", "مستمر بعد 12 شهرا"},
	"viability_date":      {"Date du suivi à 12 mois", "DATE DE SUIVI", "Date de suivi à 12 mois", "Date de suivi", "تاريخ التتبع"},
	"company_name":        {"Raison sociale", "RAISON SOCIALE", "Nom de l'entreprise", "Entreprise", "الاسم التجاري"},
	"ice":                 {"ICE", "N° ICE", "Identifiant commun de l'entreprise", "ICE", "المعرف الموحد للمقاولة"},
	"approach_date":       {"Date de sensibilisation", "DATE DE CONTACT", "Date de la visite", "Date", "تاريخ التحسيس"},
	"approached_by":       {"Sensibilisée par", "ORGANISME", "Approchée par", "Organisme", "الجهة المحسسة"},
	"asked_contract":      {"A demandé un contrat aidé", "DEMANDE DE CONTRAT AIDE", "Demande de contrat aidé", "Contrat aidé demandé", "طلبت عقدا مدعما"},
	"recruited_women":     {"Femmes recrutées", "RECRUTES F", "Nombre de femmes recrutées", "Recrutés F", "عدد النساء المشغلات"},
	"recruited_men":       {"Hommes recrutés", "RECRUTES H", "Nombre d'hommes recrutés", "Recrutés H", "عدد الرجال المشغلين"},
	"trade":               {"Métier", "METIER", "Corps de métier", "Métier", "الحرفة"},
	"workshop":            {"CFA", "CFA", "Centre de formation", "CFA", "مركز التكوين"},
	"master":              {"Maître artisan", "MAITRE ARTISAN", "Maître d'apprentissage", "Maâlem", "المعلم الحرفي"},
	"start_date":          {"Date de début", "DATE DE DEBUT", "Date d'entrée", "Début", "تاريخ البداية"},
	"finish_date":         {"Date de fin", "DATE DE FIN", "Date de sortie", "Fin", "تاريخ النهاية"},
	"training_body":       {"Organisme de formation", "CENTRE DE FORMATION", "Établissement de formation", "Centre", "مؤسسة التكوين"},
	"amount":              {"Montant (DH)", "MONTANT", "Montant mensuel", "Montant", "المبلغ (درهم)"},
	"months":              {"Nombre de mois", "NOMBRE DE MOIS", "Durée en mois", "Mois", "عدد الأشهر"},
	"trainee_number":      {"Matricule", "MATRICULE", "Code stagiaire", "N° stagiaire", "رقم المتدرب"},
	"n":                   {"N°", "N°", "N° d'ordre", "N°", "الرقم"},
	"remarks":             {"Observations", "OBSERVATIONS", "Remarques du centre", "Obs.", "ملاحظات"},
}

// heading is the words above a column.
func (w wording) heading(field string) string {
	h := headings[field]
	if w == bilingual {
		return h[official] + " / " + h[arabic]
	}
	return h[w]
}

func (w wording) habit() Habit {
	switch w {
	case arabic:
		return ArabicHeaders
	case bilingual:
		return BilingualHeaders
	case official:
		return ""
	}
	return RenamedHeaders
}

// identityFields are the columns of identity, in the template's order.
var identityFields = []string{"family_name", "given_name", "sex", "birth_date", "nationality", "status", "doc_type", "doc_number", "phone", "locality"}

// order is how a clerk arranged the columns.
type order uint8

const (
	asTemplate   order = iota
	serviceFirst       // what happened first, who it was last
	papersFirst        // papers and phone before names
)

// columns lays out identity and service columns under a wording, in an order.
// Fields given as extra come last: the reader knows nothing of them.
func columns(w wording, o order, group string, service []string, extra ...string) []column {
	var who, what []column
	for _, f := range identityFields {
		who = append(who, column{field: f, head: w.heading(f), group: "Identité du bénéficiaire", width: widths[f]})
	}
	for _, f := range service {
		what = append(what, column{field: f, head: w.heading(f), group: group, width: widths[f]})
	}
	var cols []column
	switch o {
	case serviceFirst:
		cols = append(what, who...)
	case papersFirst:
		cols = append(append(append(cols, who[6:9]...), who[:6]...), append(who[9:], what...)...)
	default:
		cols = append(who, what...)
	}
	for i, f := range extra {
		c := column{field: f, head: w.heading(f), width: widths[f]}
		if f == "n" && i == 0 {
			cols = append([]column{c}, cols...)
			continue
		}
		cols = append(cols, c)
	}
	return cols
}

var widths = map[string]float64{"n": 5, "family_name": 18, "given_name": 18, "full_name": 30, "sex": 8, "status": 24, "doc_number": 17,
	"phone": 18, "remarks": 24, "support_service": 34, "establishment": 30, "stream": 24, "company_name": 26, "ice": 20, "referred_to": 16}
