package link_test

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"cp3/transforms/link"
)

func TestExplore(t *testing.T) {
	specName := os.Getenv("SPEC")
	if specName == "" {
		t.Skip()
	}
	r, db := linkFile(t, migrants(t, seedOf(), 20_000), "testdata/"+specName+".yaml", 0)
	q := measure(r, migrantPerson)
	t.Logf("%+v", q)
	for _, f := range r.Model.Fields {
		line := f.Column + " " + f.Aspect
		for _, l := range f.Levels {
			line += fmt.Sprintf(" | %s m%.4f u%.6f h%.4f", l.Name, l.M, l.U, l.H)
		}
		t.Log(line)
	}
	t.Logf("match %g relatives %g", r.Model.Match, r.Model.Relatives)
	for _, x := range r.Model.Rules {
		t.Log(x.Columns, x.Pairs)
	}
	raw := map[string]string{}
	rows, err := db.Conn().QueryContext(t.Context(), "select id, concat_ws(',', given_name,family_name,full_name,sex,birth_date,nationality,doc_type,doc_number,phone,town,address) from link_csv")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var a, b string
		rows.Scan(&a, &b)
		raw[a] = b
	}
	rows.Close()
	bins := map[int][2]int{}
	truth := map[string]map[string]int{}
	nsame := 0
	for p, err := range r.Pairs(t.Context(), -8) {
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		if migrantPerson(p.A) == migrantPerson(p.B) {
			same = 1
			nsame++
		}
		b := int(p.Weight+100) - 100
		if b > 12 {
			b = 12
		}
		x := bins[b]
		x[same]++
		bins[b] = x
		if same == 1 {
			for _, e := range p.Evidence {
				k := e.Column + e.Aspect
				if truth[k] == nil {
					truth[k] = map[string]int{}
				}
				truth[k][e.Level]++
			}
		}
	}
	for b := -8; b <= 12; b++ {
		x := bins[b]
		t.Logf("weight %d: %d pairs, share true %.3f expected %.3f", b, x[0]+x[1], float64(x[1])/float64(x[0]+x[1]+1), link.Probability(float64(b)+.5))
	}
	all := 0
	per := map[string]int{}
	for id := range r.Clusters() {
		per[migrantPerson(id)]++
	}
	for _, n := range per {
		all += n * (n - 1) / 2
	}
	var kept int
	_ = db.Conn().QueryRowContext(t.Context(), "select count(*) from (select distinct a, b from link_candidate)").Scan(&kept)
	t.Logf("candidates %d, true pairs in all %d, persons %d", kept, all, len(per))
	t.Log("true pairs", nsame, "true m:")
	for k, lv := range truth {
		n := 0
		for _, c := range lv {
			n += c
		}
		line := k
		for l, c := range lv {
			line += fmt.Sprintf(" %s %.4f", l, float64(c)/float64(n))
		}
		t.Log(line)
	}
	shape := map[string]int{}
	nfp, nfn := 0, 0
	for p, err := range r.Pairs(t.Context(), -300) {
		if err != nil {
			t.Fatal(err)
		}
		same := migrantPerson(p.A) == migrantPerson(p.B)
		if same == p.Same {
			continue
		}
		kind := "FP"
		if same {
			kind = "FN"
			nfn++
		} else {
			nfp++
		}
		if p.Weight > 0 == p.Same {
			kind += "-pair"
		} else {
			kind += "-cluster"
		}
		var lv []string
		for _, e := range p.Evidence {
			if e.Column != "" {
				lv = append(lv, e.Column[:3]+e.Aspect+"="+e.Level)
			} else if e.Aspect == "order" {
				lv = append(lv, "crossed")
			}
		}
		shape[kind+" "+strings.Join(lv, " ")]++
		if nfp+nfn < 2500 && (nfp+nfn)%25 == 0 {
			t.Logf("%s %.1f conflict=%v\n   %s\n   %s\n   %s", kind, p.Weight, p.Conflict, raw[p.A], raw[p.B], p.EvidenceText())
		}
	}
	var keys []string
	kinds := map[string]int{}
	for k, n := range shape {
		keys = append(keys, k)
		f, _, _ := strings.Cut(k, " ")
		kinds[f] += n
	}
	t.Log(kinds)
	sort.Slice(keys, func(i, j int) bool { return shape[keys[i]] > shape[keys[j]] })
	for _, k := range keys[:min(60, len(keys))] {
		t.Log(shape[k], k)
	}
}

func TestWrite(t *testing.T) {
	out := os.Getenv("OUT")
	if out == "" {
		t.Skip()
	}
	n := 20000
	fmt.Sscan(os.Getenv("N"), &n)
	f, _ := os.Create(out)
	defer f.Close()
	if err := writeCSV(f, 1, n, nil); err != nil {
		t.Fatal(err)
	}
}

func seedOf() uint64 { n := uint64(1); fmt.Sscan(os.Getenv("SEED"), &n); return n }
