package publish_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cp3/pipeline/publish"
)

// peer is the Python program that reads as an analyst does. Without Python and
// its libraries there is nobody to read, and the test says so.
func peer(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if out, err := exec.Command("python3", "-c", "import duckdb, pandas, pyarrow, openpyxl").CombinedOutput(); err != nil {
		t.Skipf("no python3 with duckdb, pandas, pyarrow and openpyxl: %v\n%s", err, out)
	}
	return exec.Command("python3", append([]string{"testdata/peer.py"}, args...)...)
}

func TestAnalystsReadEveryFile(t *testing.T) {
	dir, _, tables := published(t, publish.Options{})
	out, err := peer(t, "read", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var read struct{ Files, Tables int }
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if read.Tables != len(tables) || read.Files != 2*len(tables)+3 {
		t.Errorf("read %+v of %d tables", read, len(tables))
	}
}

// Readers in other processes query without a pause while editions replace each
// other: no error on either side, and each connection sees one whole edition.
func TestReadersDoNotNotice(t *testing.T) {
	readers, editions := 2, 8
	if os.Getenv("CP3_SOAK") != "" { // the long form: minutes
		readers, editions = 4, 100
	}
	dir, db, tables := published(t, publish.Options{Keep: 2})
	type reader struct {
		stop func()
		wait func() (string, error)
	}
	var all []reader
	for range readers {
		c := peer(t, "loop", dir)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		pipe, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var trouble bytes.Buffer
		c.Stderr = &trouble
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		out := bufio.NewReader(pipe)
		if line, err := out.ReadString('\n'); line != "ready\n" {
			_ = in.Close()
			t.Fatalf("%q, %v, %v\n%s", line, err, c.Wait(), trouble.String())
		}
		all = append(all, reader{func() { _ = in.Close() }, func() (string, error) {
			line, _ := out.ReadString('\n')
			if err := c.Wait(); err != nil {
				return line, fmt.Errorf("%w\n%s", err, trouble.String())
			}
			return line, nil
		}})
	}
	for n := 1; n <= editions; n++ {
		execute(t, db, fmt.Sprintf("update executions set edition = %d", n))
		if _, err := publish.Write(t.Context(), dir, db, edition(n, tables), publish.Options{Keep: 2}); err != nil {
			t.Errorf("edition %d: %v", n, err)
		}
	}
	for _, r := range all {
		r.stop()
	}
	for _, r := range all {
		line, err := r.wait()
		var seen struct{ Editions, Queries int }
		if err != nil || json.Unmarshal([]byte(strings.TrimSpace(line)), &seen) != nil {
			t.Errorf("a reader: %q, %v", line, err)
			continue
		}
		if seen.Editions < 2 || seen.Queries < editions {
			t.Errorf("a reader saw %+v: it did not read meanwhile", seen)
		}
		t.Logf("a reader made %d queries over %d editions", seen.Queries, seen.Editions)
	}
	if problems, err := publish.Verify(dir); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
