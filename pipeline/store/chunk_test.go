package store

import (
	"encoding/binary"
	"strings"
	"testing"
)

// Rows go in chunks: a driver that hides its connection makes appending slow, and
// this test says so instead of a slow night.
func TestRowsGoInChunks(t *testing.T) {
	db, err := Open(t.Context(), "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(t.Context(), "create table t (a varchar, b varchar[], c date, d timestamp, e integer, f double, g boolean, h bigint)"); err != nil {
		t.Fatal(err)
	}
	err = db.conn.Raw(func(c any) error {
		a, err := openAppender(c, "t", nil)
		if err == nil {
			a.close()
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A short text is the same bytes, whatever its length.
func TestShortText(t *testing.T) {
	const text = "abcdefghijkl"
	for n := range len(text) + 1 {
		begin, rest := shortText([]byte(text[:n]))
		got := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, begin), rest)
		if want := text[:n] + strings.Repeat("\x00", len(text)-n); string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
