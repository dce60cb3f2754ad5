package workbook

import (
	"errors"

	"cp3/pipeline"
)

// Refusal is why a file can't be read at all: the member's trouble, in words of
// the message catalogue, and never an accident of ours.
type Refusal struct {
	Code string            // "workbook.encrypted"
	Args map[string]string // for the catalogue's text
}

// Error is for logs: it holds no value of the file.
func (r *Refusal) Error() string { return "workbook refused: " + r.Code }

// Issue is the refusal as the one issue of its submission.
func (r *Refusal) Issue() pipeline.Issue {
	return pipeline.Issue{Finding: pipeline.Finding{Code: r.Code, Severity: pipeline.Blocking, Args: r.Args}}
}

// refuse makes a Refusal; args are name, value pairs.
func refuse(code string, args ...string) *Refusal {
	return &Refusal{Code: code, Args: pairs(args)}
}

// AsRefusal finds the Refusal in err's chain.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}
