package interchange

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cp3/pipeline"
)

// told are the cells ADX and DHIS2 are told: those with a value. Of an indicator by
// sex, both the total and each sex, as two data elements (see [element]).
func told(d Data) []Cell {
	var cells []Cell
	for _, c := range d.Cells {
		if c.Value != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// dataSet is annual or quarterly: a data set of DHIS2 has one type of period.
func (k Key) dataSet() string {
	if k.Quarter == 0 {
		return "CP3_A"
	}
	return "CP3_Q"
}

// The elements of an ADX file (IHE Aggregate Data Exchange).
type (
	adxFile struct {
		XMLName  xml.Name   `xml:"urn:ihe:qrph:adx:2015 adx"`
		Exported string     `xml:"exported,attr"`
		Groups   []adxGroup `xml:"group"`
	}
	adxGroup struct {
		DataSet string     `xml:"dataSet,attr"`
		OrgUnit string     `xml:"orgUnit,attr"`
		Period  string     `xml:"period,attr"`
		Values  []adxValue `xml:"dataValue"`
	}
	adxValue struct {
		Element string `xml:"dataElement,attr"`
		Sex     string `xml:"SEX,attr,omitempty"` // a disaggregation is an attribute named after its category
		Value   string `xml:"value,attr"`
	}
)

// adx writes a group for each territory and period.
func adx(d Data, day pipeline.Date) ([]byte, int64, error) {
	f := adxFile{Exported: day.Time().Format(time.RFC3339)}
	at := map[string]int{}
	var rows int64
	for _, c := range told(d) {
		group := adxGroup{DataSet: c.dataSet(), OrgUnit: area(c.Region), Period: c.adxPeriod()}
		name := fmt.Sprint(group)
		n, is := at[name]
		if !is {
			n = len(f.Groups)
			at[name] = n
			f.Groups = append(f.Groups, group)
		}
		option := sexCodes[c.Sex].option
		f.Groups[n].Values = append(f.Groups[n].Values, adxValue{element(c.Code, option != ""), option, figure(*c.Value)})
		rows++
	}
	b, err := asXML(f)
	return b, rows, err
}

var adxPeriods = regexp.MustCompile(`^\d{4}-(01-01/P1Y|(01|04|07|10)-01/P3M)$`)

// checkADX holds a file to the form: groups said once, elements said once in each.
func checkADX(b []byte) error {
	var f adxFile
	if err := xml.NewDecoder(bytes.NewReader(b)).Decode(&f); err != nil {
		return err
	}
	groups := map[[2]string]bool{}
	for _, g := range f.Groups {
		name := [2]string{g.OrgUnit, g.Period}
		if groups[name] || !areas.MatchString(g.OrgUnit) || !adxPeriods.MatchString(g.Period) || len(g.Values) == 0 {
			return fmt.Errorf("group %v: said twice, empty, or badly named", name)
		}
		groups[name] = true
		seen := map[[2]string]bool{}
		for _, v := range g.Values {
			if err := checkElement(v.Element, v.Sex, v.Value, seen); err != nil {
				return fmt.Errorf("group %v: %w", name, err)
			}
		}
	}
	return nil
}

var elements = regexp.MustCompile(`^CP3_[A-Z0-9_]+$`)

// checkElement holds one data value to what ADX and DHIS2 both ask.
func checkElement(name, option, value string, seen map[[2]string]bool) error {
	of := [2]string{name, option}
	_, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil:
		return err
	case seen[of]:
		return fmt.Errorf("%v is given twice", of)
	case !elements.MatchString(name), (option != "") != strings.HasSuffix(name, "_SEX"):
		return fmt.Errorf("data element %v", of)
	}
	seen[of] = true
	return nil
}

// dataValueSet is DHIS2's own form, with codes instead of identifiers.
type dataValueSet struct {
	ElementScheme string      `json:"dataElementIdScheme"`
	UnitScheme    string      `json:"orgUnitIdScheme"`
	OptionScheme  string      `json:"categoryOptionComboIdScheme"`
	Values        []dataValue `json:"dataValues"`
}

type dataValue struct {
	Element string `json:"dataElement"`
	Period  string `json:"period"`
	Unit    string `json:"orgUnit"`
	Option  string `json:"categoryOptionCombo,omitempty"` // none: the default
	Value   string `json:"value"`
}

func dhis2(d Data) ([]byte, int64, error) {
	set := dataValueSet{"CODE", "CODE", "CODE", []dataValue{}}
	for _, c := range told(d) {
		v := dataValue{Period: c.dhis2Period(), Unit: area(c.Region), Value: figure(*c.Value)}
		option := sexCodes[c.Sex].option
		v.Element = element(c.Code, option != "")
		if option != "" {
			v.Option = "CP3_SEX_" + option
		}
		set.Values = append(set.Values, v)
	}
	b, err := json.MarshalIndent(set, "", " ")
	return append(b, '\n'), int64(len(set.Values)), err
}

var dhis2Periods = regexp.MustCompile(`^\d{4}(Q[1-4])?$`)

// checkDHIS2 holds a file to the form.
func checkDHIS2(b []byte) error {
	var set dataValueSet
	r := json.NewDecoder(bytes.NewReader(b))
	r.DisallowUnknownFields()
	if err := r.Decode(&set); err != nil {
		return err
	}
	if set.Values == nil {
		return errors.New("no dataValues")
	}
	seen := map[[2]string]map[[2]string]bool{}
	for _, v := range set.Values {
		place := [2]string{v.Unit, v.Period}
		if !areas.MatchString(v.Unit) || !dhis2Periods.MatchString(v.Period) {
			return fmt.Errorf("value of %v", place)
		}
		if seen[place] == nil {
			seen[place] = map[[2]string]bool{}
		}
		if err := checkElement(v.Element, strings.TrimPrefix(v.Option, "CP3_SEX_"), v.Value, seen[place]); err != nil {
			return fmt.Errorf("value of %v: %w", place, err)
		}
	}
	return nil
}
