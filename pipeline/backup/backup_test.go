package backup

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tree writes files and returns what a walk of them must show: mode, time, text.
func tree(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2020, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func walked(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		info, err := d.Info()
		if err != nil || rel == "." {
			return err
		}
		text := []byte(nil)
		if !d.IsDir() {
			text, err = os.ReadFile(path)
			all[filepath.ToSlash(rel)] = info.Mode().String() + " " + info.ModTime().UTC().Format(time.RFC3339Nano) + " " + string(text)
		} else {
			all[filepath.ToSlash(rel)] = info.Mode().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestThereAndBack(t *testing.T) {
	root := t.TempDir()
	big := strings.Repeat("beaucoup de lignes\n", 100_000)
	tree(t, root, map[string]string{
		"prive/archive/ab/abcd": big, "prive/ledger/ledger.jsonl": "{}\n", "prive/secret.key": "k", "prive/vide": "",
		"prive/tmp/spill": "left out", "cp3.yaml": "lang: fr\n", "depot/EN/liste.xlsx": "not asked for", "prive/é à/ملف": "names",
	})
	if err := os.Chmod(filepath.Join(root, "prive", "archive", "ab", "abcd"), 0o400); err != nil {
		t.Fatal(err)
	}
	identity, recipient, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	n, err := Write(t.Context(), &sealed, root, []string{"cp3.yaml", "prive", "absent"},
		Options{Recipients: []string{recipient}, Skip: func(p string) bool { return p == "prive/tmp" }})
	if err != nil || n != 6 {
		t.Fatalf("%d files, %v", n, err)
	}
	if bytes.Contains(sealed.Bytes(), []byte("secret")) || bytes.Contains(sealed.Bytes(), []byte("beaucoup")) {
		t.Error("something can be read without the key")
	}

	back := t.TempDir()
	if n, err := Read(t.Context(), bytes.NewReader(sealed.Bytes()), back, identity); err != nil || n != 6 {
		t.Fatalf("%d files, %v", n, err)
	}
	want := walked(t, root)
	for _, left := range []string{"depot", "depot/EN", "depot/EN/liste.xlsx", "prive/tmp", "prive/tmp/spill"} {
		delete(want, left)
	}
	if d := cmp.Diff(want, walked(t, back)); d != "" {
		t.Error(d)
	}

	var wrong *WrongKey
	if _, err := Read(t.Context(), bytes.NewReader(sealed.Bytes()), t.TempDir(), other); !errors.As(err, &wrong) {
		t.Errorf("another key: %v", err)
	}
	// Cut or changed anywhere, a backup never passes for whole.
	for n := 0; n < sealed.Len(); n += 1 + sealed.Len()/40 {
		if _, err := Read(t.Context(), bytes.NewReader(sealed.Bytes()[:n]), t.TempDir(), identity); err == nil {
			t.Errorf("cut at %d of %d: passes for whole", n, sealed.Len())
		}
		changed := bytes.Clone(sealed.Bytes())
		changed[n] ^= 1
		if _, err := Read(t.Context(), bytes.NewReader(changed), t.TempDir(), identity); err == nil {
			t.Errorf("changed at %d: passes for whole", n)
		}
	}
}

func TestRecipients(t *testing.T) {
	_, good, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keys []string
		ok   bool
	}{{[]string{good}, true}, {[]string{good, good}, true}, {nil, false}, {[]string{""}, false}, {[]string{"age1x"}, false}, {[]string{good, "ssh-rsa"}, false}} {
		if err := CheckRecipients(c.keys); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.keys, err)
		}
	}
}
