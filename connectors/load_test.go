package connectors

import "testing"

func TestShippedSpecsLoad(t *testing.T) {
	specs, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range specs {
		t.Logf("%s: %d sheets", s.Member, len(s.Sheets))
	}
}
