package link_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cp3/pipeline/store"
	"cp3/transforms/link"

	"os"
	"path/filepath"
)

// Papers issued on one day are numbered one after the other, phones are bought in
// rows, and whoever tries cp3 out types Nom1, Nom2, Nom3. Neighbours in a series
// are not slips of one another: in such data a one-character difference is what
// two strangers look like. Found with a workbook filled by hand: eight persons
// with eight full birth dates came out as one.
func TestSeriesStayApart(t *testing.T) {
	for _, n := range []int{2, 8, 40, 400} {
		var b strings.Builder
		b.WriteString("id,family,given,sex,dob,nat,doc,phone\n")
		for i := range n {
			born := time.Date(1990, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, i%12, i)
			fmt.Fprintf(&b, "%d,NOM%s,Prenom%s,%s,%s,GIN,AB12%04d,+2126123%05d\n", i, letters(i), letters(i), []string{"H", "F"}[i%2],
				born.Format(time.DateOnly), i, 10*i)
		}
		if persons := linked(t, b.String()); persons != n {
			t.Errorf("%d persons in series came out as %d", n, persons)
		}
	}
}

// The same series with a fifth of the persons listed twice, their names respelt:
// the doubles are found, the neighbours stay apart.
func TestDoublesInSeries(t *testing.T) {
	const n = 100
	var b strings.Builder
	b.WriteString("id,family,given,sex,dob,nat,doc,phone\n")
	for i := range n {
		born := time.Date(1985, 3, 2, 0, 0, 0, 0, time.UTC).AddDate(0, i%12, 17*i)
		line := func(id, family, given string) {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,GIN,AB12%04d,+2126123%05d\n", id, family, given, []string{"H", "F"}[i%2], born.Format(time.DateOnly), i, 10*i)
		}
		line(fmt.Sprint(i), "NOM"+letters(i), "Prenom"+letters(i))
		if i%5 == 0 {
			line(fmt.Sprint(i, "bis"), "Nom "+strings.ToLower(letters(i)), "PRENOM"+strings.ToUpper(letters(i)))
		}
	}
	if persons := linked(t, b.String()); persons != n {
		t.Errorf("%d persons in series, %d of them listed twice, came out as %d", n, n/5, persons)
	}
}

// Twins of one sex who hold papers of different kinds share everything but the
// given name and the number.
func TestTwinsWithDifferentPapers(t *testing.T) {
	const rows = `id,family,given,sex,dob,nat,doc,phone
1,EHOUMAN,Estelle,F,2001-05-27,BEN,ZZ686433,+212600084477
2,EHOUMAN,Mireille,F,2001-05-27,BEN,38300C198264,+212600084477
3,Ehouman,Estelle,F,2001,BEN,ZZ686433,+212600084477
4,TRAORE,Kadiatou,F,1997,GIN,ZZ733052,+212600091451
5,Traoré,Aminata,F,1997-11-25,GIN,XX288435,+212600091451
6,KOUYATE,Lamine,H,1975-07-12,GIN,ZZ559074,
7,KONATE,Lamine,H,1975,GIN,XX977188,
`
	if persons := linked(t, rows); persons != 6 {
		t.Errorf("six persons came out as %d", persons)
	}
}

func letters(i int) string {
	return string(rune('A'+i/26%26)) + string(rune('A'+i%26))
}

// linked counts the persons among records in CSV.
func linked(t *testing.T, text string) int {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(t.TempDir(), "records.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	spec, err := link.ParseSpec("series.yaml", []byte(`id: id
columns:
  family: family_name
  given: given_name
  sex: sex
  dob: date
  nat: nationality
  doc: identifier
  phone: phone
`))
	if err != nil {
		t.Fatal(err)
	}
	in, err := link.FromFile(ctx, db, file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := link.Run(ctx, db, in, spec, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Persons()
}
