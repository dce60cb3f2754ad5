package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"cp3/pipeline"
)

// ManifestName is the file that signs an edition off.
const ManifestName = "MANIFEST.json"

// manifestFormat is the version of the manifest's own form.
const manifestFormat = 1

// Manifest lists what an edition consists of.
type Manifest struct {
	Format  int             `json:"format"`
	Edition int             `json:"edition"`
	Run     string          `json:"run"`
	Day     pipeline.Date   `json:"day"`
	Time    time.Time       `json:"time,omitzero"`
	Public  int             `json:"public,omitempty"` // the edition that public/ and echanges/ tell of
	Version string          `json:"version"`          // of cp3
	Files   []File          `json:"files"`            // by path
	Record  json.RawMessage `json:"record,omitempty"`
}

// File is one file of an edition.
type File struct {
	Path   string `json:"path"` // below the edition's folder, slash-separated
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	// Rows is how many rows of data it holds: of its table, or of all tables for
	// the database, or lines of the follow-up table for a workbook.
	Rows  int64  `json:"rows"`
	Table string `json:"table,omitempty"`
}

func newManifest(e Edition) Manifest {
	return Manifest{
		Format: manifestFormat, Edition: e.Number, Run: e.Run, Day: e.Day, Time: e.At.UTC(), Public: e.PublicNumber,
		Version: e.Version, Record: e.Record,
	}
}

// ReadManifest reads the manifest of the edition in dir; its error is
// fs.ErrNotExist when there is no edition.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	b, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), err)
	}
	if m.Format != manifestFormat {
		return m, fmt.Errorf("%s: its form is %d, this cp3 reads %d", filepath.Join(dir, ManifestName), m.Format, manifestFormat)
	}
	var record bytes.Buffer // the file is indented, the caller's record was not
	if err := json.Compact(&record, m.Record); err == nil {
		m.Record = record.Bytes()
	}
	return m, nil
}

// Lookup is the file at a path below the edition's folder.
func (m Manifest) Lookup(path string) (File, bool) {
	for _, f := range m.Files {
		if f.Path == path {
			return f, true
		}
	}
	return File{}, false
}

// write makes the manifest of dir, durable.
func (m Manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, ManifestName)
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return err
	}
	return syncFile(path)
}

func hashFile(path string) (sum string, n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	if n, err = io.Copy(h, f); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}
