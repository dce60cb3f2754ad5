package link_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// A world of made-up migrants, made to be hard: few names that serve many, sisters
// and twins, households and shelters on one telephone, years for birth dates,
// members that spell, order and forget differently.

// country is a nationality with its names; a name is its spellings, the usual one
// first, the Arabic one where one is in use.
type country struct {
	code               string
	girls, boys, names []string
}

var countries = []country{
	{"GIN", words("Fatoumata|Fatimata|Fatoumatta Aissatou|Aïssatou|Aysatou Mariama|Maryama Kadiatou|Kadiatu|Khadiatou Aminata|Aminatta Hawa|Awa Oumou|Umu Binta|Bintou Djenabou|Jenabou|Djénabou Ramatoulaye|Ramatulai Saran Hadja Mabinty Nene|Néné"),
		words("Mamadou|Mamadu|Mamoudou Ibrahima|Ibrahim|Ibraima Alpha|Alfa Abdoulaye|Abdulai|Abdoulay Ousmane|Usman|Ousman Thierno|Tierno Boubacar|Boubakar|Bubacar Amadou|Amadu Souleymane|Suleiman|Soulaymane Sekou|Sékou Moussa|Musa Saliou|Salliou Lansana Elhadj Mohamed|Mohammed|Mohamad"),
		words("Diallo|Dialo|Jallow Bah|Ba Barry|Bari Sow|So Camara|Kamara Conde|Condé|Kondé Keita|Keïta|Keyta Sylla|Silla Toure|Touré|Touray Soumah Bangoura|Bangura Balde|Baldé Cisse|Cissé|Sissé Kourouma|Koroma Doumbouya|Dumbuya Traore|Traoré")},
	{"MLI", words("Fatoumata|Fatimata Aminata Mariam|Maryam|Meriem Awa|Hawa Oumou Kadiatou|Kadiatu Assitan Rokia|Rokiatou Djeneba|Djénéba|Jeneba Sira Nana Korotoumou Adam Ramata"),
		words("Mamadou|Mamadu Ibrahim|Ibrahima|Brahima Moussa|Musa Amadou Seydou|Seidou|Saidou Oumar|Omar|Umar Bakary|Bakari Adama Modibo Souleymane|Suleymane Drissa|Idrissa Boubacar Cheick|Cheikh|Sheick Issa|Aissa Lassana"),
		words("Traore|Traoré|Traorey Coulibaly|Coulibali|Koulibaly Diarra|Jarra Keita|Keïta Konate|Konaté Sidibe|Sidibé Sangare|Sangaré Diakite|Diakité|Jakité Dembele|Dembélé Cisse|Cissé Toure|Touré Kone|Koné Doumbia Samake|Samaké Fofana Ba|Bah Maiga|Maïga")},
	{"CIV", words("Aya Adjoua|Ajoua Affoue|Affoué Amenan Akissi Marie Grace|Grâce Christelle Prisca Aminata Mariam Salimata Fatoumata Esther Chantal Rachelle|Rachel"),
		words("Kouassi|Kwassi Yao Koffi|Kofi Kouame|Kouamé|Kwame Konan Jean Serge Didier Ibrahim Moussa Mamadou Eric|Éric Franck Arsene|Arsène Hermann Patrick"),
		words("Kouassi|Kwassi Kone|Koné Ouattara|Wattara|Watara Coulibaly|Koulibaly Konan Yao N'Guessan|Nguessan|N'Guésan Kouame|Kouamé Toure|Touré Bamba Traore|Traoré Diomande|Diomandé Gnagne Soro Zadi Gbagbo Dosso Fofana Koffi")},
	{"CMR", words("Marie Brenda Sandrine Carine Nadege|Nadège Estelle Solange Pauline Mireille Vanessa Clarisse Aicha|Aïcha|Aisha Fadimatou Ngo Honorine"),
		words("Jean Paul Pierre Emmanuel Alain Bertrand Herve|Hervé Rodrigue Ousmanou Hamidou Boris Cedric|Cédric Armand Samuel Junior Aboubakar|Abubakar|Boubakar"),
		words("Mbarga Ngono Fotso Kamga Tchoupo|Choupo Nkoulou Eto'o|Etoo Mbappe|Mbappé Talla Ngo Abega Essomba Biya Njoya|Njoyah Tchatchoua|Chachoua Manga Atangana Nana Onana Kamdem|Kamdeme")},
	{"COD", words("Grace|Grâce Merveille Divine Naomie|Naomi Ruth Deborah|Débora Sarah|Sara Gloire Nadine Bijou Esther Rebecca|Rébecca"),
		words("Christian Patrick Jonathan Herve|Hervé Trésor|Tresor Glody Dieumerci|Dieu-Merci Junior Jean-Pierre|Jean Pierre Exauce|Exaucé Gedeon|Gédéon Fiston Papy"),
		words("Mukendi|Moukendi Kabongo Ilunga|Ilounga Tshibangu|Chibangu Kalala Mbuyi Ngoy|Ngoyi Kasongo Mutombo|Moutombo Lukusa Kabila Tshimanga Banza Mwamba Nsimba Makiese")},
	{"SEN", words("Fatou|Fatu Aminata Awa Mame Khady|Kadi|Khadi Ndeye|Ndèye Coumba|Kumba Rokhaya|Rokaya Sokhna|Sokna Astou Adama Seynabou|Zeinabou Dieynaba|Dieinaba"),
		words("Mamadou Moussa Cheikh|Cheick Ousmane Abdou|Abdu Modou|Modu Ibrahima Pape|Papa Alioune|Aliou|Aliun Babacar|Babakar Assane|Hassane Malick|Malik Serigne Lamine"),
		words("Ndiaye|N'Diaye|Njie Diop|Jobe Fall|Faal Sow Ba|Bah Gueye|Guèye|Geye Faye Diouf|Juf Sarr|Sar Seck|Sek Cisse|Cissé Sy|Si Mbaye|M'Baye Thiam|Tiam|Cham Diagne Sene|Sène Niang Kane|Kan")},
	{"SYR", words("فاطمة|Fatima|Fatma مريم|Mariam|Maryam عائشة|Aicha|Aisha خديجة|Khadija|Khadidja نور|Nour|Nur ريم|Rim|Reem هدى|Houda|Huda سلمى|Salma أمل|Amal رنا|Rana"),
		words("محمد|Mohamed|Mohammad|Muhammad أحمد|Ahmed|Ahmad علي|Ali خالد|Khaled|Khalid عمر|Omar|Umar يوسف|Youssef|Yusuf|Yousef حسن|Hassan|Hasan إبراهيم|Ibrahim|Ebrahim محمود|Mahmoud|Mahmud بلال|Bilal سامر|Samer|Samir"),
		words("الحسن|Al Hassan|Elhassan الأحمد|Al Ahmad|El Ahmed الخطيب|Al Khatib|Elkhatib الإدريسي|El Idrissi|Al Idrisi حمود|Hamoud|Hammoud العلي|Al Ali درويش|Darwich|Darwish شاهين|Chahine|Shahin قاسم|Kassem|Qasim حداد|Haddad مصطفى|Mostafa|Mustafa|Moustapha سليمان|Souleiman|Sulaiman")},
	{"NGA", words("Blessing Joy Favour|Favor Mercy Faith Patience Esther Precious Aisha|Aicha Comfort"), words("Emmanuel Samuel John Peter Sunday Musa|Moussa Ibrahim Kelvin Collins Osas Friday"),
		words("Okafor Osagie Eze Ogbeide Adeyemi Balogun|Balogoun Igbinedion Okoro Obi Omoregie Aigbe Uwaifo")},
}

func words(s string) []string {
	return strings.Fields(strings.ReplaceAll(s, "Jean Pierre", "Jean\u00a0Pierre"))
}

// person is who somebody really is.
type person struct {
	id                    int
	country               *country
	given, second, family string // all the spellings of each
	sex                   string
	year, month, day      int
	dayUnknown            bool
	documents             map[string]string
	phone, town, address  string
	household             int
}

// world makes persons and what members write of them.
type world struct {
	*rand.Rand
	rare []string
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1))}
	syllables := strings.Fields("ba ko ma ndi sa lo ti ra mou nga fo wé zi bou dja ké lé so ta ya mbo gui né da ro")
	for range 400 {
		n := ""
		for range 2 + w.IntN(3) {
			n += syllables[w.IntN(len(syllables))]
		}
		w.rare = append(w.rare, capital(n))
	}
	return w
}

func (w *world) chance(p float64) bool { return w.Float64() < p }

// pick favours the first names of a list, as life does.
func (w *world) pick(names []string) string {
	return names[min(int(w.ExpFloat64()*float64(len(names))/2.5), len(names)-1)]
}

func (w *world) one(texts string) string {
	all := strings.Split(texts, "|")
	return all[w.IntN(len(all))]
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}

var towns = strings.Fields("Rabat Salé|Sale|سلا Casablanca|Casa|الدار\u00a0البيضاء Tanger|Tangier Fès|Fes Oujda Agadir Marrakech Kénitra|Kenitra Nador Témara|Temara Meknès|Meknes")

var streets = strings.Fields("Takaddoum|Taqaddoum Youssoufia|Yousoufia Mers\u00a0Sultan Oulfa|El\u00a0Oulfa Hay\u00a0Nahda|Hay\u00a0Ennahda Boukhalef Moulay\u00a0Rachid Hay\u00a0Mohammadi Karia|Kariat Al\u00a0Wahda|Elwahda")

// newPerson makes a stranger.
func (w *world) newPerson(id int) person {
	p := person{id: id, country: &countries[min(int(w.ExpFloat64()*3), len(countries)-1)], sex: "F", documents: map[string]string{}, household: -1}
	p.family = w.pick(p.country.names)
	if w.chance(0.25) {
		p.family = w.rare[w.IntN(len(w.rare))]
	}
	if w.chance(0.5) {
		p.sex = "H"
	}
	p.given = w.givenName(&p)
	if w.chance(0.2) {
		p.second = w.givenName(&p)
	}
	w.born(&p)
	w.papers(&p)
	if w.chance(0.75) {
		p.phone = fmt.Sprintf("06%08d", w.IntN(1e8))
	}
	p.town = w.pick(towns)
	p.address = fmt.Sprintf("%d rue %d %s", 1+w.IntN(200), 1+w.IntN(40), w.pick(streets))
	return p
}

func (w *world) givenName(p *person) string {
	if p.sex == "F" {
		return w.pick(p.country.girls)
	}
	return w.pick(p.country.boys)
}

func (w *world) born(p *person) {
	p.year, p.month, p.day = 1965+int(w.NormFloat64()*7+25), 1+w.IntN(12), 1+w.IntN(28)
	p.dayUnknown = w.chance(0.18)
}

func (w *world) papers(p *person) {
	if w.chance(0.5) {
		p.documents["CARTE_SEJOUR"] = fmt.Sprintf("%c%06d%c", 'A'+w.IntN(20), w.IntN(1e6), 'A'+w.IntN(26))
	}
	if w.chance(0.3) {
		p.documents["CARTE_HCR"] = fmt.Sprintf("%03d-%02dC%05d", 585, 10+w.IntN(10), w.IntN(1e5))
	}
	if w.chance(0.3) {
		p.documents["PASSEPORT"] = fmt.Sprintf("%s%07d", p.country.code[:1], w.IntN(1e7))
	}
}

// relative makes somebody of p's household: a spouse, a sister, a twin, a flatmate.
func (w *world) relative(p person, id int) person {
	r := w.newPerson(id)
	r.household, r.town, r.address = p.household, p.town, p.address
	if w.chance(0.6) {
		r.phone = p.phone
	}
	switch x := w.Float64(); {
	case x < 0.60: // sister or brother
		r.country, r.family = p.country, p.family
		for range 20 {
			if r.given = w.givenName(&r); r.given != p.given {
				break
			}
		}
		if x < 0.08 { // twin
			r.year, r.month, r.day, r.dayUnknown = p.year, p.month, p.day, p.dayUnknown
		}
	case x < 0.85: // of the same country
		r.country, r.family = p.country, w.pick(p.country.names)
		r.given = w.givenName(&r)
	}
	if w.chance(0.2) { // papers issued at one counter
		for t, n := range p.documents {
			if r.documents[t] != "" {
				b := []byte(n)
				for i := len(b) - 1; i >= 0; i-- {
					if b[i] >= '0' && b[i] < '9' {
						b[i]++
						break
					}
				}
				r.documents[t] = string(b)
			}
		}
	}
	return r
}

// people makes n persons, a third of them living with others.
func (w *world) people(n int) []person {
	all := make([]person, 0, n)
	for len(all) < n {
		p := w.newPerson(len(all))
		if !w.chance(0.15) {
			all = append(all, p)
			continue
		}
		p.household = len(all)
		all = append(all, p)
		for range 1 + w.IntN(3) {
			all = append(all, w.relative(p, len(all)))
		}
	}
	return all[:n]
}

// row is what one member writes of a person.
type row struct {
	id                                                                                       string
	member, given, family, full, sex, birth, nationality, docType, doc, phone, town, address string
}

var rowHeader = strings.Split("id,member,given_name,family_name,full_name,sex,birth_date,nationality,doc_type,doc_number,phone,town,address", ",")

func (r row) fields() []string {
	return []string{r.id, r.member, r.given, r.family, r.full, r.sex, r.birth, r.nationality, r.docType, r.doc, r.phone, r.town, r.address}
}

var institutions = []string{"EN", "ANAPEC", "OFPPT", "ARTISANAT"}

// write is one institution's record of p, with its habits and its mistakes.
func (w *world) write(p person, member string, id string) row {
	r := row{id: id, member: member, sex: p.sex, nationality: p.country.code, town: w.one(p.town)}
	r.given, r.family = w.name(p.given, member), w.name(p.family, member)
	if p.second != "" && w.chance(0.6) {
		r.given += " " + w.name(p.second, member)
	}
	if w.chance(0.04) {
		r.given, r.family = r.family, r.given
	}
	if member == "OFPPT" {
		r.full, r.given, r.family = strings.ToUpper(r.family)+" "+r.given, "", ""
		if w.chance(0.5) {
			r.full = strings.ToUpper(r.full)
		}
	}
	r.birth = w.date(p)
	if w.chance(0.02) {
		r.sex = ""
	} else if w.chance(0.01) {
		r.sex = map[string]string{"F": "H", "H": "F"}[p.sex]
	}
	for _, t := range []string{"CARTE_SEJOUR", "CARTE_HCR", "PASSEPORT"} {
		if n := p.documents[t]; n != "" && w.chance(0.6) {
			r.docType, r.doc = t, w.slip(n, 0.05)
			break
		}
	}
	if p.phone != "" && w.chance(0.7) {
		r.phone = w.slip(p.phone, 0.03)
		if w.chance(0.15) { // changed since
			r.phone = fmt.Sprintf("06%08d", w.IntN(1e8))
		}
		if w.chance(0.3) {
			r.phone = "+212" + r.phone[1:]
		}
	}
	if w.chance(0.12) {
		r.town = w.one(w.pick(towns))
	} else if w.chance(0.5) {
		number, rest, _ := strings.Cut(p.address, " ")
		r.address = number + " " + w.one(rest)
	}
	return r
}

// name writes a name as a member would.
func (w *world) name(spellings, member string) string {
	all := strings.Split(spellings, "|")
	latin := all
	if all[0][0] >= 0x80 && len(all) > 1 && all[0] > "ء" {
		if member == "ARTISANAT" {
			return all[0]
		}
		latin = all[1:]
	}
	n := latin[0]
	if w.chance(0.3) {
		n = latin[w.IntN(len(latin))]
	}
	n = w.slip(n, 0.04)
	if member == "EN" {
		n = strings.ToUpper(n)
	}
	return n
}

// date writes a birth date: whole, wrong, defaulted, a year, or nothing.
func (w *world) date(p person) string {
	y, m, d := p.year, p.month, p.day
	if p.dayUnknown || w.chance(0.06) {
		switch {
		case w.chance(0.1):
			return ""
		case w.chance(0.1):
			y += 1 - 2*w.IntN(2)
			fallthrough
		case w.chance(0.6):
			return fmt.Sprintf("01/01/%04d", y)
		}
		return fmt.Sprint(y)
	}
	switch x := w.Float64(); {
	case x < 0.02 && d <= 12:
		m, d = d, m
	case x < 0.05:
		d = d%28 + 1
	case x < 0.06:
		y += 1 - 2*w.IntN(2)
	case x < 0.065:
		y, m, d = y-10, m%12+1, (d+7)%28+1
	case x < 0.10:
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d, m, y)
}

// slip makes one typing error, sometimes.
func (w *world) slip(s string, p float64) string {
	r := []rune(s)
	if !w.chance(p) || len(r) < 4 {
		return s
	}
	i := 1 + w.IntN(len(r)-2)
	switch w.IntN(4) {
	case 0:
		r = append(r[:i], r[i+1:]...)
	case 1:
		r[i], r[i+1] = r[i+1], r[i]
	case 2:
		r = append(r[:i], append([]rune{r[i]}, r[i:]...)...)
	default:
		if r[i] >= '0' && r[i] <= '9' {
			r[i] = '0' + (r[i]-'0'+1+rune(w.IntN(8)))%10
		} else {
			r[i] = rune("aeioulnrst"[w.IntN(10)])
		}
	}
	return string(r)
}

// rows writes about n records of some persons, one to five each; the id of a row
// begins with its person's number.
func (w *world) rows(n int, emit func(row)) {
	count := 0
	for _, p := range w.people(n * 10 / 18) {
		times := 1 + min(int(w.ExpFloat64()*1.3), 4)
		for t := range times {
			emit(w.write(p, institutions[w.IntN(len(institutions))], fmt.Sprintf("p%07d-%d", p.id, t)))
			if count++; count == n {
				return
			}
		}
	}
}

// writeCSV writes a world's rows, shuffled when shuffle isn't nil.
func writeCSV(out io.Writer, seed uint64, n int, shuffle *rand.Rand) error {
	var all [][]string
	newWorld(seed).rows(n, func(r row) { all = append(all, r.fields()) })
	if shuffle != nil {
		shuffle.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	c := csv.NewWriter(out)
	if err := c.Write(rowHeader); err != nil {
		return err
	}
	if err := c.WriteAll(all); err != nil {
		return err
	}
	return c.Error()
}
