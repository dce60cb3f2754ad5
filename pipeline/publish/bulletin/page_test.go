package bulletin

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cp3/pipeline"
)

var edition = Edition{8, pipeline.Date{Year: 2021, Month: 1, Day: 13}}

// tables is a source of rows kept in memory.
type tables map[string][][]any

var columnsOf = map[string]string{
	"indicateurs":      "code resultat libelle libelle_ar definition definition_ar unite mesure cible_finale",
	"valeurs":          "code annee trimestre region sexe valeur masque",
	"tableau_de_suivi": "code annee sexe valeur_base valeur_annee_precedente cible_annee taux_realisation statut masque",
	"completude":       "periode statut",
}

func (t tables) declared() []pipeline.Table {
	var all []pipeline.Table
	for name := range t {
		table := pipeline.Table{Name: name}
		for _, c := range strings.Fields(columnsOf[name]) {
			table.Columns = append(table.Columns, pipeline.Column{Name: c})
		}
		all = append(all, table)
	}
	return all
}

func (t tables) Rows(_ context.Context, relation string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range t[relation] {
			for len(row) < len(columns) { // nothing masked
				row = append(slices.Clone(row), nil)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// sample has what pages must be right about: a long label with signs HTML uses, a
// thousand, a rate, a value nobody reported, a target of 0, sexes, a region.
func sample() tables {
	t := tables{
		"indicateurs": {
			{"1.1", "Résultat 1", "Personnes <accueillies> & informées " + strings.Repeat("dans les centres ", 8), "أشخاص تم استقبالهم", "d", "د", "nombre", "personnes", int64(2000)},
			{"1.3", "Résultat 1", "Femmes orientées", "نساء", "d", "د", "nombre", "personnes", nil},
			{"1.5", "Résultat 1", "Taux de réussite", "نسبة النجاح", "d", "د", "pourcentage", "personnes", 50.0},
			{"3.1", "Résultat 3", "Points focaux", "نقط الارتكاز", "d", "د", "nombre", "institutions", 21.0},
		},
		"tableau_de_suivi": {
			{"1.1", int64(2020), "T", 97.0, 338.0, 1000.0, 128.5, "atteint"},
			{"1.3", int64(2020), "T", 0.0, 0.0, 0.0, nil, "atteint"},
			{"1.5", int64(2020), "T", nil, 50.0, 50.0, 82.4, "proche"},
			{"3.1", int64(2020), "T", 4.0, 5.0, 6.0, nil, "non_renseigne"},
		},
		"completude": {{"2020", "a_temps"}, {"2020-T1", "manquant"}, {"2020-T2", "en_retard"}, {"2019", "a_temps"}},
	}
	for quarter, n := range []float64{1285, 300, 500} {
		var q any
		if quarter > 0 {
			q = int64(quarter)
		}
		for sex, v := range map[string]float64{"F": n - 100, "H": 90, "ND": 10, "T": n} {
			t["valeurs"] = append(t["valeurs"], []any{"1.1", int64(2020), q, nil, sex, v}, []any{"1.1", int64(2020), q, "04", sex, v / 5})
		}
	}
	t["valeurs"] = append(t["valeurs"],
		[]any{"1.3", int64(2020), nil, nil, "T", 3.0}, []any{"1.3", int64(2020), nil, nil, "F", nil},
		[]any{"1.5", int64(2020), nil, nil, "T", 41.2}, []any{"3.1", int64(2020), nil, nil, "T", nil})
	return t
}

// pages are all pages of the sample, by file name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	s := sample()
	if !Publishable(s.declared()) || Publishable(nil) {
		t.Fatal("Publishable is wrong")
	}
	d, err := Read(t.Context(), s, s.declared())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, i := range d.Issues() {
		for _, lang := range Languages {
			var b bytes.Buffer
			if err := Write(&b, d, i, lang, edition); err != nil {
				t.Fatal(err)
			}
			all[FileName(i, lang)] = b.String()
		}
	}
	if len(all) != 6 {
		t.Fatalf("%d pages, want a year and two quarters in two languages", len(all))
	}
	return all
}

func TestFiguresOfTheYear(t *testing.T) {
	page := pages(t)["bulletin_2020_fr.html"]
	for _, want := range []string{
		"<h1>Bulletin de suivi : 2020</h1>", "Édition n° 8 du 13 janvier 2021",
		`<bdi dir="ltr">1` + "\u202f" + `285</bdi>`, "Personnes &lt;accueillies&gt; &amp; informées", "128,5\u00a0%", "41,2\u00a0%",
		`femmes : <bdi dir="ltr">92,2` + "\u00a0%", "Rapports reçus à temps : 1 sur 3 attendus ; en retard : 1 ; manquants : 1.",
		`<strong>2</strong> Atteint`, `<strong>1</strong> Non renseigné`, `href="bulletin_2020_ar.html"`, `href="../csv/valeurs.csv"`,
		"Rabat-Salé-Kénitra", "T1 300 ; T2 500 ; T3 n.d.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	line := func(code string) string {
		i := strings.Index(page, `<bdi dir="ltr">`+code+`</bdi>`)
		return page[i : i+strings.Index(page[i:], "</tr>")]
	}
	if got := line("3.1"); !strings.Contains(got, `class="now"><abbr title="non communiqué">n.d.</abbr>`) || strings.Contains(got, `class="now"><bdi`) {
		t.Errorf("what nobody reported: %s", got)
	}
	if got := line("1.3"); !strings.Contains(got, `<abbr title="sans objet">s.o.</abbr>`) || !strings.Contains(got, "dont femmes\"><abbr title=\"non communiqué\"") {
		t.Errorf("no target, women unknown: %s", got)
	}
	if got := line("1.5"); !strings.Contains(got, `dont femmes"><abbr title="sans objet">`) {
		t.Errorf("sexes nobody tells apart: %s", got)
	}
}

// What disclosure control hides is neither 0 nor "not reported".
func TestWhatIsHiddenIsSaidToBe(t *testing.T) {
	s := sample()
	for n, row := range s["valeurs"] {
		if row[0] == "1.1" && row[2] == nil && row[3] == nil && row[4] == "F" || row[0] == "1.3" && row[4] == "T" || row[0] == "1.1" && row[2] == int64(2) && row[3] == nil && row[4] == "T" {
			s["valeurs"][n] = append(row[:5:5], nil, "valeur,numerateur")
		}
	}
	for n, row := range s["tableau_de_suivi"] {
		if row[0] == "1.3" {
			s["tableau_de_suivi"][n] = append(row[:6:6], nil, nil, "valeur_annee,statut")
		}
	}
	d, err := Read(t.Context(), s, s.declared())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, d, Issue{2020, 0}, "fr", edition); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	const mark = `<abbr title="masqué par la règle de confidentialité">s</abbr>`
	for _, want := range []string{`class="now">` + mark, `dont femmes">` + mark, `class="status none">s</span>`, "T1 300 ; T2 s ; T3 n.d.", "secret statistique"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if faults := accessibility(t, page); len(faults) > 0 {
		t.Errorf("%v", faults)
	}
}

// A quarter shows what is reported by quarter, beside the quarter before.
func TestFiguresOfAQuarter(t *testing.T) {
	page := pages(t)["bulletin_2020-T2_fr.html"]
	for _, want := range []string{"<h1>Bulletin de suivi : 2e trimestre 2020</h1>", `1er trimestre 2020 : <bdi dir="ltr">300</bdi>`, `class="now"><bdi dir="ltr">500</bdi>`,
		"Rapports reçus à temps : 1 sur 2 attendus ; en retard : 1 ; manquants : 0."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if strings.Contains(page, "Taux de réussite") {
		t.Error("an indicator nobody reports by quarter is shown")
	}
}

// The rules a page can be held to without a browser (WCAG 2.2): language and
// direction, one title, headings in order, captions, heads with their scope,
// drawings that are described or hidden, names that lead somewhere; and nothing
// from outside the page.
func TestPagesAreAccessible(t *testing.T) {
	outside := regexp.MustCompile(`(?i)<script|<link|<img|<iframe|@import|url\(|src=|https?://|\son[a-z]+=`)
	for name, page := range pages(t) {
		if found := outside.FindString(page); found != "" {
			t.Errorf("%s: %s: the page needs something else", name, found)
		}
		if strings.Contains(page, "bulletin.") || strings.Contains(page, "publication.") {
			t.Errorf("%s shows the key of a text", name)
		}
		lang := strings.TrimSuffix(name[strings.LastIndex(name, "_")+1:], ".html")
		if want := `<html lang="` + lang + `" dir="` + (speaker{lang}).Dir() + `">`; !strings.Contains(page, want) {
			t.Errorf("%s: no %s", name, want)
		}
		for _, fault := range accessibility(t, page) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func accessibility(t *testing.T, page string) (faults []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	level, titles, captioned := 0, 0, true
	ids, named := map[string]bool{}, []string{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, is := token.(xml.StartElement)
		if !is {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		if id := attr["id"]; id != "" {
			if ids[id] {
				faults = append(faults, "two elements are called "+id)
			}
			ids[id] = true
		}
		named = append(named, strings.Fields(attr["aria-labelledby"])...)
		if strings.HasPrefix(attr["href"], "#") {
			named = append(named, attr["href"][1:])
		}
		switch e.Name.Local {
		case "h1", "h2", "h3":
			now := int(e.Name.Local[1] - '0')
			if now > level+1 {
				faults = append(faults, fmt.Sprintf("a heading of level %d follows one of level %d", now, level))
			}
			if level = now; now == 1 {
				titles++
			}
		case "table":
			captioned = false
		case "caption":
			captioned = true
		case "tbody":
			if !captioned {
				faults = append(faults, "a table without caption")
			}
		case "th":
			if attr["scope"] == "" {
				faults = append(faults, "a head without scope")
			}
		case "svg":
			if attr["aria-hidden"] != "true" && (attr["role"] != "img" || attr["aria-label"] == "") {
				faults = append(faults, "a drawing neither described nor hidden")
			}
		}
	}
	for _, id := range named {
		if !ids[id] {
			faults = append(faults, "nothing is called "+id)
		}
	}
	if titles != 1 {
		faults = append(faults, fmt.Sprintf("%d titles", titles))
	}
	return faults
}

// Text has a contrast of 4.5 to 1 on what it stands on, drawings 3 to 1.
func TestColoursContrast(t *testing.T) {
	colors := map[string]string{"white": "ffffff"}
	for _, m := range regexp.MustCompile(`--([a-z]+):#([0-9a-f]{6})`).FindAllStringSubmatch(pageStyle, -1) {
		colors[m[1]] = m[2]
	}
	for _, c := range []struct {
		front, back string
		least       float64
	}{
		{"ink", "white", 4.5}, {"ink", "band", 4.5}, {"deep", "white", 4.5}, {"deep", "band", 4.5}, {"white", "deep", 4.5}, {"muted", "white", 4.5},
		{"muted", "band", 4.5}, {"good", "white", 4.5}, {"fair", "white", 4.5}, {"poor", "white", 4.5},
		{"women", "white", 3}, {"men", "white", 3}, {"unknown", "white", 3},
	} {
		if got := contrast(t, colors[c.front], colors[c.back]); got < c.least {
			t.Errorf("%s on %s: %.2f, want %.1f", c.front, c.back, got, c.least)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(hex string) float64 {
		sum := 0.0
		for n, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v, err := strconv.ParseUint(hex[2*n:2*n+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(v) / 255
			if c = math.Pow((c+0.055)/1.055, 2.4); v < 11 {
				c = float64(v) / 255 / 12.92
			}
			sum += weight * c
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestSameRowsSameBytes(t *testing.T) {
	first := pages(t)
	for range 3 {
		for name, page := range pages(t) {
			if page != first[name] {
				t.Errorf("%s differs", name)
			}
		}
	}
}

// In a browser: no page is wider than a phone, right to left or left to right, and
// each can be printed.
func TestInABrowser(t *testing.T) {
	var browser string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed (apt package chromium)")
	}
	dir := t.TempDir()
	all := pages(t)
	var frames strings.Builder
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range all {
			if !yield(name) {
				return
			}
		}
	}) {
		for _, width := range []int{320, 360, 1100} {
			fmt.Fprintf(&frames, `<iframe data-name="%s" width="%d" height="600" srcdoc="%s"></iframe>`, name, width, escapeAttribute(all[name]))
		}
	}
	wrapper := `<!DOCTYPE html><body><pre id="out">…</pre>` + frames.String() + `<script>onload=()=>{let o="";for(const f of document.querySelectorAll("iframe")){const d=f.contentDocument;` +
		`o+=f.dataset.name+" "+f.width+" "+d.documentElement.scrollWidth+" "+d.querySelectorAll("h1").length+"\n"}document.getElementById("out").textContent=o}</script></body>`
	if err := os.WriteFile(filepath.Join(dir, "all.html"), []byte(wrapper), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + filepath.Join(dir, "profile")}, args...)
		cmd := exec.CommandContext(t.Context(), browser, args...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", browser, args, err)
		}
		return string(out)
	}
	dom := run("--virtual-time-budget=5000", "--dump-dom", "file://"+filepath.Join(dir, "all.html"))
	_, text, _ := strings.Cut(dom, `<pre id="out">`)
	text, _, _ = strings.Cut(text, "</pre>")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 3*len(all) {
		t.Fatalf("%d measures of %d pages: %.200s", len(lines), len(all), text)
	}
	for _, line := range lines {
		var name string
		var width, needed, titles int
		if _, err := fmt.Sscan(line, &name, &width, &needed, &titles); err != nil || needed > width || titles != 1 {
			t.Errorf("%s is %d wide on a screen of %d, with %d titles (%v)", name, needed, width, titles, err)
		}
	}
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(all["bulletin_2020_ar.html"]), 0o644); err != nil {
		t.Fatal(err)
	}
	run("--no-pdf-header-footer", "--print-to-pdf="+filepath.Join(dir, "page.pdf"), "file://"+file)
	pdf, err := os.ReadFile(filepath.Join(dir, "page.pdf"))
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("no PDF: %v", err)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n < 1 || n > 4 {
		t.Errorf("printed on %d pages", n)
	}
}

func escapeAttribute(s string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(s)
}
