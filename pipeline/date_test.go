package pipeline

import (
	"encoding/json"
	"testing"
)

func TestDateText(t *testing.T) {
	for _, d := range []Date{{}, {2020, 0, 0}, {2020, 2, 0}, {2020, 2, 29}, {1899, 12, 31}} {
		b, err := json.Marshal(d)
		if err != nil || string(b) != `"`+d.String()+`"` {
			t.Errorf("%v is written %s, %v", d, b, err)
		}
		var back Date
		if err := json.Unmarshal(b, &back); err != nil || back != d {
			t.Errorf("%s is read %v, %v", b, back, err)
		}
	}
	for _, s := range []string{"2021-02-29", "20", "2020-13", "31/12/2020", "2020-1-1"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is read %v", s, d)
		}
	}
}
