package interchange

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/wording"
)

// sexCode is what the other systems call a sex.
type sexCode struct {
	sdmx   string // code list CL_SEX
	option string // category option of ADX and DHIS2; "" for the total, which has none
	iati   string // value of the dimension sex; "" for the total
}

var sexCodes = map[pipeline.Sex]sexCode{
	pipeline.Women:       {"F", "F", "female"},
	pipeline.Men:         {"M", "M", "male"},
	pipeline.NotDeclared: {"_U", "U", "not declared"},
	pipeline.Total:       {"_T", "", ""},
}

// sexes are the sexes in the order files list them.
var sexes = []pipeline.Sex{pipeline.Total, pipeline.Women, pipeline.Men, pipeline.NotDeclared}

// area is a region as ISO 3166-2 calls it, whose numbers are the HCP's; the nation
// is MA.
func area(region string) string {
	if region == "" {
		return "MA"
	}
	return "MA-" + region
}

// element is the data element of an indicator in ADX and DHIS2, whose codes begin
// with a letter and hold no dot. What is told by sex is an element of its own, with
// the category SEX: DHIS2 adds up the options of an element, and the total of
// persons must not be added to its parts.
func element(code string, bySex bool) string {
	e := "CP3_" + strings.ReplaceAll(code, ".", "_")
	if bySex {
		e += "_SEX"
	}
	return e
}

// sdmxPeriod is 2020 or 2020-Q1.
func (k Key) sdmxPeriod() string {
	if k.Quarter == 0 {
		return strconv.Itoa(k.Year)
	}
	return fmt.Sprintf("%d-Q%d", k.Year, k.Quarter)
}

// dhis2Period is 2020 or 2020Q1.
func (k Key) dhis2Period() string { return strings.ReplaceAll(k.sdmxPeriod(), "-", "") }

// adxPeriod is an ISO 8601 interval: 2020-01-01/P1Y or 2020-04-01/P3M.
func (k Key) adxPeriod() string {
	if k.Quarter == 0 {
		return fmt.Sprintf("%d-01-01/P1Y", k.Year)
	}
	return fmt.Sprintf("%d-%02d-01/P3M", k.Year, 3*k.Quarter-2)
}

// figure writes a value as short as it can be said.
func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// codeMap lists what each of our codes is called in each form.
func codeMap(d Data) [][]string {
	rows := [][]string{{"type", "code", "libelle", "sdmx", "adx_dhis2", "iati"}}
	for _, i := range d.Indicators {
		rows = append(rows, []string{"indicateur", i.Code, i.Label, i.Code, element(i.Code, false), i.Code})
		if i.BySex {
			rows = append(rows, []string{"indicateur par sexe", i.Code, i.Label, i.Code, element(i.Code, true), i.Code})
		}
	}
	for _, s := range sexes {
		c := sexCodes[s]
		rows = append(rows, []string{"sexe", string(s), say("sex." + string(s)), c.sdmx, c.option, c.iati})
	}
	regions := map[string]bool{"": true}
	for _, c := range d.Cells {
		regions[c.Region] = true
	}
	for _, r := range slices.Sorted(maps.Keys(regions)) {
		label := say("regions.nation")
		if r != "" {
			label = say("region." + r)
		}
		rows = append(rows, []string{"territoire", r, label, area(r), area(r), ""})
	}
	return rows
}

// say is a text of the published files.
func say(key string) string { return wording.Text("fr", "publication."+key, nil) }
