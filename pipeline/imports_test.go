package pipeline_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rule forbids imports, and says why.
type rule struct {
	why    string
	from   func(pkg string) bool
	to     func(imp string) bool
	except func(pkg, imp string) bool
}

// adapters know the outside world or one technique each, and not each other.
var adapters = []string{
	"connectors/inbox", "connectors/workbook", "connectors/template", "connectors/receipt", "connectors/example", "connectors/convert", "connectors/review",
	"transforms/normalise", "transforms/link", "transforms/model", "transforms/disclose",
	"pipeline/store", "pipeline/publish", "pipeline/backup", "pipeline/mail",
}

func within(parents ...string) func(string) bool {
	return func(pkg string) bool {
		for _, p := range parents {
			if pkg == "cp3/"+p || strings.HasPrefix(pkg, "cp3/"+p+"/") {
				return true
			}
		}
		return false
	}
}

func exactly(names ...string) func(string) bool {
	return func(pkg string) bool {
		for _, n := range names {
			if pkg == n {
				return true
			}
		}
		return false
	}
}

func anyOf(fs ...func(string) bool) func(string) bool {
	return func(s string) bool {
		for _, f := range fs {
			if f(s) {
				return true
			}
		}
		return false
	}
}

func not(f func(string) bool) func(string) bool { return func(s string) bool { return !f(s) } }

func inModule(pkg string) bool { return strings.HasPrefix(pkg, "cp3/") }

func external(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}

// leaves of pipeline that everybody may use.
var words = within("pipeline/fold", "pipeline/wording", "pipeline/parallel")

var rules = []rule{
	{why: "the vocabulary imports nothing but the standard library, so that it can never depend on a technique",
		from: exactly("cp3/pipeline"), to: anyOf(external, inModule)},
	{why: "fold, wording and parallel are leaves: text rules, sentences, work on all cores, no domain",
		from: words, to: inModule},
	{why: "declarations know the vocabulary, not what is done with them",
		from: exactly("cp3/connectors"), to: anyOf(within(adapters...), within("pipeline/run", "cmd", "sql", "schedules"))},
	{why: "sql/embed.go exposes a file system and nothing else",
		from: within("sql"), to: anyOf(external, inModule)},
	{why: "adapters are wired by pipeline/run and pipeline/read, never by each other: each can be replaced alone",
		from: within(adapters...), to: anyOf(within(adapters...), within("pipeline/run", "pipeline/read", "cmd", "schedules")),
		except: func(pkg, imp string) bool { return sameAdapter(pkg, imp) }},
	{why: "one package knows DuckDB's driver: the rest speaks SQL through database/sql",
		from: not(within("pipeline/store")), to: func(imp string) bool { return strings.HasPrefix(imp, "github.com/duckdb/") }},
	{why: "normalise is pure: text in, value out, no database and no files",
		from: within("transforms/normalise"), to: exactly("database/sql", "os", "net", "net/http")},
	{why: "publish receives rows and never queries",
		from: within("pipeline/publish"), to: exactly("database/sql")},
	{why: "workbooks are read by our own reader: excelize loses data without an error, so it only writes",
		from: not(within("connectors/template", "connectors/receipt", "connectors/review", "connectors/example", "pipeline/publish")),
		to:   func(imp string) bool { return strings.HasPrefix(imp, "github.com/xuri/excelize") }},
	{why: "reading turns one workbook into records: it knows no warehouse, no edition and no run",
		from: within("pipeline/read"), to: within("pipeline/store", "pipeline/publish", "pipeline/run", "transforms/link", "transforms/model", "transforms/disclose")},
	{why: "schedules say what is due and never run anything",
		from: within("schedules"), to: anyOf(within("pipeline/run"), within(adapters...))},
	{why: "only the program wires: nothing imports a command",
		from: inModule, to: within("cmd")},
	{why: "the program prints and wires: it holds no SQL",
		from: within("cmd"), to: exactly("database/sql")},
}

func sameAdapter(pkg, imp string) bool {
	for _, a := range adapters {
		if within(a)(pkg) && within(a)(imp) {
			return true
		}
	}
	return false
}

// TestImportDirections keeps the directions the architecture rests on
// (docs/architecture.md), reading what the compiler reads.
func TestImportDirections(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	cmd.Dir = filepath.Join("..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 10 {
		t.Fatalf("go list names %d packages only", len(lines))
	}
	for _, line := range lines {
		words := strings.Fields(line)
		for _, imp := range words[1:] {
			for _, r := range rules {
				if r.from(words[0]) && r.to(imp) && (r.except == nil || !r.except(words[0], imp)) {
					t.Errorf("%s imports %s: %s", words[0], imp, r.why)
				}
			}
		}
	}
}
