package example

// Habit is something focal points really do to a workbook, and that the reader
// must understand. A habit is noted in the manifest by the code that practises
// it, when it does.
type Habit string

// The habits, in the order of the design's list.
const (
	TitleRows        Habit = "lignes_de_titre"
	Logo             Habit = "logo"
	LowHeader        Habit = "entete_bas" // below row 10
	TopHeader        Habit = "entete_ligne_1"
	TwoRowHeader     Habit = "entete_sur_deux_lignes" // with merged cells
	OtherOrder       Habit = "colonnes_deplacees"
	RenamedHeaders   Habit = "entetes_renommees"
	ArabicHeaders    Habit = "entetes_arabes"
	BilingualHeaders Habit = "entetes_bilingues"
	ExtraColumns     Habit = "colonnes_en_plus"
	RenamedSheet     Habit = "feuille_renommee"
	DuplicatedSheet  Habit = "feuille_dupliquee"
	EmptyRows        Habit = "lignes_vides"
	SubtotalRows     Habit = "sous_totaux"
	TotalRows        Habit = "totaux"
	ArabicTotals     Habit = "totaux_arabes"
	SecondTable      Habit = "second_tableau"
	HiddenRows       Habit = "lignes_masquees"
	HiddenColumns    Habit = "colonnes_masquees"
	HiddenSheets     Habit = "feuilles_masquees"
	Filtered         Habit = "filtre"
	FrozenPanes      Habit = "volets_figes"
	NumbersAsText    Habit = "nombres_en_texte"
	TextAsNumbers    Habit = "textes_en_nombres"
	FrenchDecimals   Habit = "decimales_francaises"
	SpacedNumbers    Habit = "espaces_dans_les_nombres" // thin, non-breaking
	PercentFraction  Habit = "pourcentage_fraction"
	PercentWhole     Habit = "pourcentage_entier"
	PercentSign      Habit = "pourcentage_signe"
	ArabicDigits     Habit = "chiffres_arabes"
	SerialDates      Habit = "dates_excel"
	MacDates         Habit = "dates_1904"
	SlashDates       Habit = "dates_barres"  // 31/12/2020
	ShortDates       Habit = "dates_courtes" // 31-12-20: two-digit years
	ISODates         Habit = "dates_iso"     // 2020-12-31
	NamedMonths      Habit = "dates_lettres" // 31 déc. 2020
	MonthDates       Habit = "dates_mois"    // 12/2020
	YearDates        Habit = "dates_annee"   // 2020
	DefaultDates     Habit = "dates_1er_janvier"
	SexLetters       Habit = "sexe_lettres"
	SexWords         Habit = "sexe_mots"
	SexArabic        Habit = "sexe_arabe"
	SexDigits        Habit = "sexe_chiffres"
	NationCountry    Habit = "nationalite_pays"
	NationDemonym    Habit = "nationalite_gentile"
	NationISO        Habit = "nationalite_iso"
	NationArabic     Habit = "nationalite_arabe"
	BlankMarks       Habit = "marques_de_vide" // -, /, NR, néant, n/a, RAS, ?
	CachedFormulas   Habit = "formules"
	UncachedFormula  Habit = "formule_sans_valeur"
	ErrorCells       Habit = "cellules_en_erreur"
	Capitals         Habit = "noms_en_capitales"
	DoubleSpaces     Habit = "espaces_doubles"
	Tatweel          Habit = "tatweel"
	ZeroWidth        Habit = "caracteres_invisibles"
	Decomposed       Habit = "unicode_decompose"
	LockFile         Habit = "fichier_verrou" // ~$liste.xlsx beside
	OtherName        Habit = "meme_fichier_autre_nom"
	RowsAdded        Habit = "lignes_du_trimestre_precedent"
)

// Habits lists every habit; the example practises each at least once.
func Habits() []Habit {
	return []Habit{
		TitleRows, Logo, LowHeader, TopHeader, TwoRowHeader, OtherOrder, RenamedHeaders, ArabicHeaders, BilingualHeaders,
		ExtraColumns, RenamedSheet, DuplicatedSheet, EmptyRows, SubtotalRows, TotalRows, ArabicTotals, SecondTable,
		HiddenRows, HiddenColumns, HiddenSheets, Filtered, FrozenPanes, NumbersAsText, TextAsNumbers, FrenchDecimals,
		SpacedNumbers, PercentFraction, PercentWhole, PercentSign, ArabicDigits, SerialDates, MacDates, SlashDates,
		ShortDates, ISODates, NamedMonths, MonthDates, YearDates, DefaultDates, SexLetters, SexWords, SexArabic, SexDigits,
		NationCountry, NationDemonym, NationISO, NationArabic, BlankMarks, CachedFormulas, UncachedFormula, ErrorCells,
		Capitals, DoubleSpaces, Tatweel, ZeroWidth, Decomposed, LockFile, OtherName, RowsAdded,
	}
}
