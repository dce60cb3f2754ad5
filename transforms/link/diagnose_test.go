package link_test

import (
	"strings"
	"testing"

	"cp3/transforms/link"
)

func TestDiagnose(t *testing.T) {
	r, _ := linkFile(t, "testdata/febrl1.csv", "testdata/febrl.yaml", 0)
	d := r.Diagnose()
	if d.Records != 1000 || d.Persons != 500 || d.Joined != 500 || len(d.Sizes) != 1 || d.Sizes[0] != (link.Count{Value: 2, N: 500}) {
		t.Errorf("five hundred pairs: %+v", d)
	}
	if d.Precision < 0.99 || d.Blocking.Share < 0.99 || d.Blocking.Found < 499 {
		t.Errorf("expected precision %.3f, blocking %+v", d.Precision, d.Blocking)
	}
	weighed := 0
	for _, c := range d.Weights {
		weighed += c.N
	}
	if weighed < d.Matches || d.Matches < 499 {
		t.Errorf("%d pairs in the distribution, %d matches", weighed, d.Matches)
	}
	for _, f := range d.Model.Fields {
		var m, u, h float64
		for _, l := range f.Levels {
			m, u, h = m+l.M, u+l.U, h+l.H
		}
		for name, sum := range map[string]float64{"m": m, "u": u, "h": h} {
			if f.Aspect != "order" && (sum < 0.999 || sum > 1.001) {
				t.Errorf("%s %s: %s sums to %.4f", f.Column, f.Aspect, name, sum)
			}
		}
	}
	for _, lang := range []string{"fr", "en", "ar"} {
		var page strings.Builder
		if err := d.WriteHTML(&page, lang, "febrl1.csv <b>"); err != nil {
			t.Fatal(err)
		}
		html := page.String()
		for _, want := range []string{"<!doctype html>", "<svg", "febrl1.csv &lt;b&gt;", "soc_sec_id", "</html>"} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: the page has no %s", lang, want)
			}
		}
		for _, never := range []string{"link.", "http", "%!", "ZgotmplZ", "rec-"} {
			if strings.Contains(html, never) {
				t.Errorf("%s: the page holds %q", lang, never)
			}
		}
	}
}
