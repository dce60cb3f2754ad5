package link_test

import (
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cp3/pipeline/store"
	"cp3/transforms/link"

	"github.com/google/go-cmp/cmp"
)

// mention is one line of a small list: who it really is, and what it says.
type mention struct {
	who, member, family, given, full, sex, birth, nationality, docType, doc, phone, province string
}

// warehouse lays mentions down as a run does, one submission a member.
func warehouse(t *testing.T, mentions []mention) *store.DB {
	t.Helper()
	db := schema(t)
	members := map[string]bool{}
	for i, m := range mentions {
		if !members[m.member] {
			members[m.member] = true
			submit(t, db, m.member, len(members), m.member)
		}
		birth, precision := driver.Value(nil), driver.Value(nil)
		switch len(m.birth) {
		case 4:
			birth, precision = m.birth+"-01-01", "annee"
		case 10:
			birth, precision = m.birth, "jour"
		}
		if err := db.Exec(t.Context(), `insert into mention (submission_id, sheet, row, mention_id, family_name, given_name, full_name, sex, birth_date, birth_precision, nationality, doc_type, doc_number, phone, province)
			values (?, 'S', ?, ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), ?, ?, ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), nullif(?, ''), nullif(?, ''))`,
			m.member, i, fmt.Sprintf("%04d", i), m.family, m.given, m.full, m.sex, birth, precision, m.nationality, m.docType, m.doc, m.phone, m.province); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// persons groups the lines of mentions by cluster, each written "0,3,5".
func persons(t *testing.T, r *link.Result) []string {
	t.Helper()
	groups := map[string][]string{}
	for id, c := range r.Clusters() {
		groups[c] = append(groups[c], strings.TrimLeft(id[:3], "0")+id[3:])
	}
	var lines []string
	for _, c := range slices.Sorted(maps.Keys(groups)) {
		lines = append(lines, strings.Join(groups[c], ","))
	}
	return lines
}

func truePersons(mentions []mention) []string {
	groups, first := map[string][]string{}, []string{}
	for i, m := range mentions {
		if groups[m.who] == nil {
			first = append(first, m.who)
		}
		groups[m.who] = append(groups[m.who], fmt.Sprint(i))
	}
	var lines []string
	for _, who := range first {
		lines = append(lines, strings.Join(groups[who], ","))
	}
	return lines
}

// A night's first file holds fifty rows: too few to learn weights from, so what is
// shipped must already tell these persons apart.
func TestSmallLists(t *testing.T) {
	mentions := []mention{
		// one woman, three spellings, a year for a birth date, names in one column
		{"aminata", "EN", "DIALLO", "Aminata", "", "F", "1994-03-12", "GIN", "CARTE_SEJOUR", "A112233", "+212612345601", "04.421"},
		{"aminata", "ANAPEC", "Jallow", "Aminatta", "", "F", "1994", "GIN", "", "", "+212612345601", "04.421"},
		{"aminata", "OFPPT", "", "", "DIALO Aminata", "F", "1994-03-12", "GIN", "", "", "", "04.421"},
		// her sister: same telephone, same house
		{"mariama", "EN", "DIALLO", "Mariama", "", "F", "1997-08-02", "GIN", "CARTE_SEJOUR", "A112234", "+212612345601", "04.421"},
		{"mariama", "ANAPEC", "DIALLO", "Mariama", "", "F", "1997-08-02", "GIN", "CARTE_SEJOUR", "A112234", "", "04.421"},
		// twins
		{"adama", "EN", "TRAORE", "Adama", "", "H", "1999-05-20", "MLI", "CARTE_HCR", "H55001", "+212612345602", "06.141"},
		{"awa", "EN", "TRAORE", "Awa", "", "F", "1999-05-20", "MLI", "CARTE_HCR", "H55002", "+212612345602", "06.141"},
		{"awa", "ANAPEC", "TRAORÉ", "Hawa", "", "F", "1999-05-20", "MLI", "CARTE_HCR", "H55002", "", "06.141"},
		{"adama", "OFPPT", "", "", "Adama Traoré", "H", "1999-05-20", "MLI", "", "", "+212612345602", "06.141"},
		// same name, other year
		{"ibrahim89", "EN", "KEITA", "Ibrahim", "", "H", "1989-11-03", "MLI", "", "", "", "04.421"},
		{"ibrahim96", "ANAPEC", "KEITA", "Ibrahim", "", "H", "1996-02-17", "MLI", "", "", "", "04.421"},
		{"ibrahim89", "ANAPEC", "KEITA", "Ibrahima", "", "H", "1989-11-03", "MLI", "", "", "", "04.421"},
		// names crossed
		{"chantal", "EN", "N'GUESSAN", "Chantal", "", "F", "1990-07-30", "CIV", "PASSEPORT", "20AB12345", "", "06.141"},
		{"chantal", "ANAPEC", "Chantal", "NGUESSAN", "", "F", "1990-07-30", "CIV", "PASSEPORT", "20AB12345", "", "06.141"},
		// Arabic script
		{"mohamed", "ARTISANAT", "الإدريسي", "محمد", "", "H", "1992-09-09", "SYR", "CARTE_HCR", "H77123", "", "04.421"},
		{"mohamed", "EN", "EL IDRISSI", "Mohammed", "", "H", "1992-09-09", "SYR", "CARTE_HCR", "H77123", "", "04.421"},
		// a typing error in the document
		{"paul", "EN", "MBEKI", "Paul", "", "H", "1988-12-24", "CMR", "PASSEPORT", "CM884512", "+212612345605", "06.141"},
		{"paul", "ANAPEC", "MBEKI", "Paul", "", "H", "1988-12-24", "CMR", "PASSEPORT", "CM884521", "", "06.141"},
		// twice in one list
		{"sira", "EN", "COULIBALY", "Sira", "", "F", "2000-04-18", "MLI", "", "", "+212612345606", "04.421"},
		{"sira", "EN", "Coulibali", "Sira", "", "F", "2000-04-18", "MLI", "", "", "+212612345606", "04.421"},
		// strangers
		{"s1", "EN", "BARRY", "Ousmane", "", "H", "1991-01-22", "GIN", "", "", "+212612345607", "04.421"},
		{"s2", "EN", "MUKENDI", "Grace", "", "F", "1993-06-06", "COD", "", "", "", "06.141"},
		{"s3", "ANAPEC", "SOW", "Moussa", "", "H", "1987-10-10", "SEN", "", "", "", "04.421"},
		{"s4", "ANAPEC", "FOFANA", "Salimata", "", "F", "1998", "CIV", "", "", "", "06.141"},
		{"s5", "OFPPT", "", "", "NDIAYE Fatou", "F", "1995-02-02", "SEN", "", "", "", "04.421"},
		{"s6", "OFPPT", "", "", "KOUASSI Yao", "H", "1996-03-03", "CIV", "", "", "", "06.141"},
	}
	r, err := link.Mentions(t.Context(), warehouse(t, mentions), nil, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(truePersons(mentions), persons(t, r)); diff != "" {
		t.Errorf("persons (-true +linked):\n%s", diff)
		for p, err := range r.Pairs(t.Context(), -6) {
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %s %.1f %v %s", p.A, p.B, p.Weight, p.Conflicts, p.EvidenceText())
		}
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
