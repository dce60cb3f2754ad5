package receipt

import (
	"os"
	"path/filepath"
	"testing"
)

// With CP3_PICTURES set to a folder, the sample answers are left there to be looked
// at: convert them with LibreOffice, look, then change the layout.
func TestPictures(t *testing.T) {
	dir := os.Getenv("CP3_PICTURES")
	if dir == "" {
		t.Skip("CP3_PICTURES is not set")
	}
	for _, lang := range []string{"fr", "ar", "en"} {
		if err := os.WriteFile(filepath.Join(dir, "answer-"+lang+".xlsx"), write(t, workbook(t), sample(lang)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "alone.xlsx"), write(t, "", sample("fr")), 0o644); err != nil {
		t.Fatal(err)
	}
}
