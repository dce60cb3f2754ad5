package run

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The values of an issue come back as they were written, whatever is in them.
func TestArgumentsReturn(t *testing.T) {
	for _, want := range []map[string]string{
		nil, {}, {"value": ""}, {"value": "31/13/2020", "field": "Date de naissance", "sheet": ""},
		{"value": `a "quoted" \ text`, "field": "<b> & co"}, {"value": "deux\nlignes", "x": ":", "y": ","}, {"value": "العربية", "a": "{}"},
	} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := arguments(string(text))
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, d)
		}
	}
	for _, broken := range []string{"", "{", `{"a"}`, `{"a";"b"}`, `{"a":"b"`, `["a","b"]`} {
		if got, err := arguments(broken); err == nil {
			t.Errorf("%s is read as %v", broken, got)
		}
	}
}
