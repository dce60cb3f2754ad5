package interchange

import (
	"fmt"

	"cp3/pipeline"
)

// File is one file to be published.
type File struct {
	Name  string
	Bytes []byte
	Rows  int64 // values it tells
}

// Files writes the interchange files of an edition, each read back and checked.
func Files(d Data, a Activity, day pipeline.Date) ([]File, error) {
	var files []File
	for _, f := range []struct {
		name  string
		write func() ([]byte, int64, error)
		check func([]byte) error
	}{
		{"sdmx_snia_cp3.csv", func() ([]byte, int64, error) { return sdmx(d) }, checkSDMX},
		{"iati_resultats.xml", func() ([]byte, int64, error) { return iati(d, a, day) }, checkIATI},
		{"adx_snia_cp3.xml", func() ([]byte, int64, error) { return adx(d, day) }, checkADX},
		{"dhis2_datavaluesets.json", func() ([]byte, int64, error) { return dhis2(d) }, checkDHIS2},
		{"codes.csv", func() ([]byte, int64, error) {
			rows := codeMap(d)
			b, err := asCSV(rows)
			return b, int64(len(rows) - 1), err
		}, func([]byte) error { return nil }},
	} {
		b, rows, err := f.write()
		if err != nil {
			return nil, fmt.Errorf("interchange: %s: %w", f.name, err)
		}
		if err := f.check(b); err != nil {
			return nil, fmt.Errorf("interchange: %s is not what it should be: %w", f.name, err)
		}
		files = append(files, File{f.name, b, rows})
	}
	return files, nil
}
