package convert

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// office is this machine's LibreOffice; the test is skipped without one.
func office(t *testing.T, l Limits) *Program {
	t.Helper()
	p := Find("", l)
	if p == nil {
		t.Skip("no LibreOffice here")
	}
	return p
}

// fake is a program of ours in LibreOffice's place: a shell script that is given
// the same arguments.
func fake(t *testing.T, script string, l Limits) *Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := Find(path, l)
	if p == nil {
		t.Skip("no shell here")
	}
	return p
}

// flat is a workbook as OpenDocument's single XML file.
func flat(cell string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet" office:version="1.2"><office:body><office:spreadsheet>
 <table:table table:name="Accueil"><table:table-row>` + cell + `</table:table-row></table:table></office:spreadsheet></office:body></office:document>`
}

func textCell(s string) string {
	return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dropped")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What goes in comes out, and nothing is left behind.
func TestConvert(t *testing.T) {
	p := office(t, Limits{})
	t.Chdir(t.TempDir())
	scratch := "."
	to := filepath.Join(t.TempDir(), "out.xlsx")
	if err := p.Convert(context.Background(), write(t, flat(textCell("Aïssatou")+textCell("عائشة"))), ".fods", to, scratch); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Accueil")
	if err != nil || len(rows) != 1 || strings.Join(rows[0], "|") != "Aïssatou|عائشة" {
		t.Errorf("%q, %v", rows, err)
	}
	if left, _ := os.ReadDir(scratch); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A file cut short, or that is something else, is never half a workbook.
func TestDamaged(t *testing.T) {
	p := office(t, Limits{})
	whole := flat(textCell("Aïssatou"))
	for ext, text := range map[string]string{".fods": whole[:len(whole)-30], ".xls": "Nom;Prénom\nDIALLO;Awa\n", ".ods": "PK\x03\x04" + whole} {
		var failed *Failure
		err := p.Convert(context.Background(), write(t, text), ext, filepath.Join(t.TempDir(), "o.xlsx"), t.TempDir())
		if !errors.As(err, &failed) || failed.Why != "unreadable" {
			t.Errorf("%s: %v", ext, err)
		}
	}
}

// A document that asks for the network doesn't get it.
func TestNoNetwork(t *testing.T) {
	p := office(t, Limits{})
	asked := make(chan string, 10)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path })}
	go srv.Serve(l)
	defer srv.Close()
	url := "http://" + l.Addr().String()
	doc := flat(`<table:table-cell office:value-type="string" table:formula="of:=WEBSERVICE(&quot;` + url + `/service&quot;)"><text:p>x</text:p></table:table-cell>` +
		`<table:table-cell><draw:frame><draw:image xlink:href="` + url + `/image.png"/></draw:frame></table:table-cell>` +
		`<table:table-cell office:value-type="string" table:formula="of:='` + url + `/other.ods'#$Sheet1.A1"><text:p>y</text:p></table:table-cell>`)
	to := filepath.Join(t.TempDir(), "out.xlsx")
	var failed *Failure
	if err := p.Convert(context.Background(), write(t, doc), ".fods", to, t.TempDir()); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	select {
	case path := <-asked:
		t.Errorf("it asked for %s", path)
	default:
	}
}

// Whatever goes beyond a limit fails as that, and its children end with it.
func TestLimits(t *testing.T) {
	childPID := filepath.Join(t.TempDir(), "child")
	for name, c := range map[string]struct {
		script string
		limits Limits
		why    string
	}{
		"never ends":        {"sleep 600 & echo $! > " + childPID + "; sleep 600", Limits{Time: 300 * time.Millisecond}, "time"},
		"leaves a child":    {"sleep 600 & exit 0", Limits{Time: 20 * time.Second}, "unreadable"},
		"says no":           {"exit 1", Limits{}, "unreadable"},
		"writes nothing":    {"exit 0", Limits{}, "unreadable"},
		"writes too much":   {"mkdir out; head -c 3000000 /dev/zero > out/classeur.xlsx; exit 0", Limits{Bytes: 1 << 20}, "size"},
		"wants the profile": {`test -f profile/user/registrymodifications.xcu || exit 3; test "$HOME" = "$PWD" || exit 3; mkdir out; head -c 5000000 /dev/zero > out/classeur.xlsx`, Limits{Bytes: 1 << 20}, "size"},
	} {
		began := time.Now()
		err := fake(t, c.script, c.limits).Convert(context.Background(), write(t, "x"), ".xls", filepath.Join(t.TempDir(), "o.xlsx"), t.TempDir())
		var failed *Failure
		if !errors.As(err, &failed) || failed.Why != c.why {
			t.Errorf("%s: %v, want %s", name, err, c.why)
		}
		if spent := time.Since(began); spent > 15*time.Second {
			t.Errorf("%s: took %s", name, spent)
		}
	}
	b, err := os.ReadFile(childPID)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		state, err := os.ReadFile("/proc/" + strings.TrimSpace(string(b)) + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			break
		}
		if i == 50 {
			t.Fatal("its child lives on")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A cancelled run is ours, not the member's trouble.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	err := fake(t, "sleep 600", Limits{}).Convert(ctx, write(t, "x"), ".xls", filepath.Join(t.TempDir(), "o.xlsx"), t.TempDir())
	var failed *Failure
	if errors.As(err, &failed) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
