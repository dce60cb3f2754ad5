package workbook

import (
	"strings"
	"time"
)

// daysTo1904 is what separates the two date systems: day 0 of the 1904 one is
// day 1462 of the other.
const daysTo1904 = 1462

// isoSerial reads a t="d" value, "2020-12-31" or "2020-12-31T08:30:00", as a serial
// of the 1900 system. day is false for a time alone: the serial is then a part of
// a day.
func isoSerial(s string) (serial float64, day, ok bool) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "Z")
	date, clock, both := strings.Cut(s, "T")
	if !both && strings.Contains(s, ":") {
		date, clock = "", s
	}
	if date != "" {
		t, err := time.Parse("2006-01-02", date)
		if err != nil || t.Year() < 1900 {
			return 0, false, false
		}
		serial = float64(int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()) / 24)
		if serial < 61 { // before the 29 February 1900 that Excel believes in
			serial--
		}
	}
	if clock != "" {
		t, err := time.Parse("15:04:05.999999999", clock)
		if err != nil {
			if t, err = time.Parse("15:04", clock); err != nil {
				return 0, false, false
			}
		}
		midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		serial += t.Sub(midnight).Hours() / 24
	}
	return serial, date != "", date != "" || clock != ""
}
