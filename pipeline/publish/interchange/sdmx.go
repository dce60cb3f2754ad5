package interchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// sdmxHead are the columns of SDMX-CSV 2.0: what the data are of, what to do with
// the line, the dimensions, the measure, the attributes.
var sdmxHead = []string{"STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "ORIGIN"}

// sdmxDimensions is how many columns from the third on make a line unique.
const sdmxDimensions = 5

// sdmx writes an observation to replace for each cell that has a value, and one to
// delete for each that has none: whatever a receiver had before, it then has what
// the edition has.
func sdmx(d Data) ([]byte, int64, error) {
	units := map[string]string{}
	for _, i := range d.Indicators {
		units[i.Code] = "NUMBER"
		if i.Percent {
			units[i.Code] = "PC"
		}
	}
	rows := [][]string{sdmxHead}
	for _, c := range d.Cells {
		if c.Value == nil {
			rows = append(rows, sdmxLine("D", c.Key, "", "", ""))
		} else {
			rows = append(rows, sdmxLine("R", c.Key, decimal(*c.Value), units[c.Code], c.Origin))
		}
	}
	for _, k := range d.Withdrawn {
		rows = append(rows, sdmxLine("D", k, "", "", ""))
	}
	b, err := asCSV(rows)
	return b, int64(len(rows) - 1), err
}

func sdmxLine(action string, k Key, value, unit, origin string) []string {
	frequency := "A"
	if k.Quarter > 0 {
		frequency = "Q"
	}
	return []string{"dataflow", "CP3:SNIA_CP3(1.0)", action, frequency, area(k.Region), k.Code, sexCodes[k.Sex].sdmx, k.sdmxPeriod(), value, unit, origin}
}

// decimal writes a value so that whoever looks at the first ones only knows that
// others have decimals.
func decimal(v float64) string {
	s := figure(v)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func asCSV(rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	err := w.WriteAll(rows)
	return buf.Bytes(), err
}

var (
	sdmxPeriods = regexp.MustCompile(`^\d{4}(-Q[1-4])?$`)
	areas       = regexp.MustCompile(`^MA(-(0[1-9]|1[0-2]))?$`)
	sdmxSexes   = regexp.MustCompile(`^(F|M|_U|_T)$`)
)

// checkSDMX holds a file to the form: known actions, dimensions well written and
// said once, a value to replace and none to delete.
func checkSDMX(b []byte) error {
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = len(sdmxHead)
	seen := map[string]bool{}
	for n := 1; ; n++ {
		row, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n == 1 {
			continue
		}
		if err := checkSDMXLine(row, seen); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

func checkSDMXLine(row []string, seen map[string]bool) error {
	key := fmt.Sprint(row[3 : 3+sdmxDimensions])
	_, notNumber := strconv.ParseFloat(row[8], 64)
	switch {
	case seen[key]:
		return fmt.Errorf("observation %s is given twice", key)
	case !areas.MatchString(row[4]), !sdmxSexes.MatchString(row[6]), !sdmxPeriods.MatchString(row[7]), row[5] == "":
		return fmt.Errorf("dimensions %s", key)
	case (row[3] == "Q") != (len(row[7]) > 4):
		return fmt.Errorf("frequency %s of %s", row[3], row[7])
	case row[2] == "R" && (notNumber != nil || row[9] == ""):
		return fmt.Errorf("value %q in unit %q", row[8], row[9])
	case row[2] == "D" && (row[8] != "" || row[9] != "" || row[10] != ""):
		return fmt.Errorf("an observation to delete has the value %q", row[8])
	case row[2] != "R" && row[2] != "D":
		return fmt.Errorf("action %q", row[2])
	}
	seen[key] = true
	return nil
}
