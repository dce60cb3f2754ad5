package run_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// bridgeSteps are the numbers of one line of a bridge, as the focal point reads them.
var bridgeSteps = map[string]*regexp.Regexp{
	"rows":       regexp.MustCompile(`Dans la liste : (\d+)`),
	"refused":    regexp.MustCompile(`refusées : −(\d+)`),
	"period":     regexp.MustCompile(`hors période : −(\d+)`),
	"duplicates": regexp.MustCompile(`même personne : −(\d+)`),
	"elsewhere":  regexp.MustCompile(`déjà comptée par un autre fichier : −(\d+)`),
	"published":  regexp.MustCompile(`Publié : (\d+)`),
}

// bridges checks that in every answer the way from the list to the published figure
// adds up, line by line, and that the lines of the sexes are parts of the total's.
func bridges(t *testing.T, o *office) {
	met := map[string]int{}
	err := filepath.WalkDir(o.Workspace.Answers(), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		of := map[string]map[string]int{} // indicator -> sex -> published
		for _, line := range bridgeLines(t, name) {
			n := map[string]int{}
			for step, pattern := range bridgeSteps {
				if m := pattern.FindStringSubmatch(line); m != nil {
					n[step], _ = strconv.Atoi(m[1])
					met[step]++
				}
			}
			if left := n["rows"] - n["refused"] - n["period"] - n["duplicates"] - n["elsewhere"]; left != n["published"] {
				t.Errorf("%s: %s: the steps leave %d", filepath.Base(name), line, left)
			}
			words := strings.Fields(line)
			if of[words[0]] == nil {
				of[words[0]] = map[string]int{}
			}
			for _, sex := range []string{"Femmes", "Hommes", "Total"} {
				if strings.Contains(line, "  "+sex+"\t") {
					of[words[0]][sex] = n["published"]
				}
			}
		}
		for code, by := range of {
			if by["Femmes"]+by["Hommes"] > by["Total"] {
				t.Errorf("%s: %s: %v", filepath.Base(name), code, by)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"rows", "refused", "period", "duplicates", "published"} {
		if met[step] == 0 {
			t.Errorf("no answer has a step %q: %v", step, met)
		}
	}
	if met["published"] < 50 {
		t.Errorf("%d lines of bridges only", met["published"])
	}
}

// bridgeLines are the lines of the page's bridge, cells joined by tabs; none where
// the page is not in French.
func bridgeLines(t *testing.T, answer string) (lines []string) {
	t.Helper()
	f, err := excelize.OpenFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if line := strings.Join(row, "\t"); bridgeSteps["published"].MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}
