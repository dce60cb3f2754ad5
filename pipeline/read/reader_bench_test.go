package read_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cp3/pipeline"
	"cp3/pipeline/read"
)

// letters writes a number in letters, since no name holds a digit.
func letters(n int) string {
	b := []byte("aaaa")
	for i := len(b) - 1; i >= 0; i, n = i-1, n/26 {
		b[i] += byte(n % 26)
	}
	return string(b)
}

// BenchmarkReadLongList reads a list of 50,000 persons, from bytes to records. As
// .csv, so that it measures understanding more than inflating.
func BenchmarkReadLongList(b *testing.B) {
	const rows = 50_000
	var text bytes.Buffer
	text.WriteString("Nom;Prénom;Sexe;Date de naissance;Nationalité;Situation administrative;Type de document;N° du document;Téléphone;Ville;Organisme de formation;Montant;Date de début;Nombre de mois;Observations\n")
	families, cities := []string{"Diallo", "Koné", "N'Guessan", "Traoré", "Mensah", "Okafor", "Ba"}, []string{"Rabat", "Salé", "Casablanca", "Témara"}
	for i := range rows {
		fmt.Fprintf(&text, "%s %s;Awa;F;%02d/%02d/19%02d;Mali;Régularisée;Passeport;XX%06d;06%08d;%s;CFA Akkari;500;%02d/10/2020;9;rien\n",
			families[i%len(families)], letters(i), i%28+1, i%12+1, 70+i%30, i, i, cities[i%len(cities)], i%28+1)
	}
	path := filepath.Join(b.TempDir(), "Bourses.csv")
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	reader := newReader(b)
	b.ResetTimer()
	for b.Loop() {
		got, err := reader.Read(context.Background(), read.Source{Path: path, Name: "Bourses 2020.csv", Member: "AMAPPE", Today: pipeline.Date{Year: 2021, Month: 6, Day: 30}})
		if err != nil {
			b.Fatal(err)
		}
		if got.RowsKept != rows {
			b.Fatalf("%d rows kept; %v", got.RowsKept, said(got)[:min(3, len(got.Issues))])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
