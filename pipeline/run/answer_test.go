package run

import (
	"testing"

	"cp3/pipeline"
)

// Every file has an answer of its own, whatever it is called.
func TestAnswersNeverShareAName(t *testing.T) {
	r := &runner{}
	for _, p := range []string{"EN/photo.png", "EN/photo.xlsx", "EN/photo.csv", "EN/T1/photo.xlsx", "EN/liste T4.xlsx", "EN/sans fin"} {
		r.received = append(r.received, pipeline.Received{Path: p})
	}
	want := map[string]string{
		"EN/photo.png":     "EN/photo.REJETEE.xlsx",
		"EN/photo.xlsx":    "EN/photo.xlsx.REJETEE.xlsx",
		"EN/photo.csv":     "EN/photo.csv.REJETEE.xlsx",
		"EN/T1/photo.xlsx": "EN/T1/photo.REJETEE.xlsx",
		"EN/liste T4.xlsx": "EN/liste T4.REJETEE.xlsx",
		"EN/sans fin":      "EN/sans fin.REJETEE.xlsx",
	}
	for dropped, answer := range want {
		if got := r.answerPath(dropped, pipeline.Rejected); got != answer {
			t.Errorf("%s is answered by %s, want %s", dropped, got, answer)
		}
	}
}
