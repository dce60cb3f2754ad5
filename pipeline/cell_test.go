package pipeline

import (
	"math"
	"strconv"
	"testing"
	"time"
)

// Every serial is the day that counting from the 1st of January 1900 gives, with the
// 29th of February that Excel kept for Lotus.
func TestSerialDates(t *testing.T) {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for serial := 1; serial <= 2958465; serial++ {
		if serial == 60 {
			if got := SerialDate(60); got != (Date{1900, 2, 28}) {
				t.Fatalf("60 is %v", got)
			}
			continue
		}
		if got := SerialDate(float64(serial) + 0.75); got != DateOf(day) {
			t.Fatalf("%d is %v, want %s", serial, got, day.Format(time.DateOnly))
		}
		day = day.AddDate(0, 0, 1)
	}
	for _, outside := range []float64{0, 0.5, -1, 2958466, math.NaN(), math.Inf(1)} {
		if got := SerialDate(outside); !got.IsZero() {
			t.Errorf("%v is %v", outside, got)
		}
	}
}

// Numbers are shown as the shortest text that gives them back, never with an
// exponent.
func TestNumbersShown(t *testing.T) {
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1, 7, 2020, 12345678901234, 1 << 53, 1<<53 + 2, -(1 << 53), 1e15, 1e20, 1e300, 0.1, -2.5, 1e-7,
		math.MaxInt64, math.MinInt64, math.NaN(), math.Inf(-1)} {
		if got, want := (Cell{Kind: NumberCell, Number: f}).Display(), strconv.FormatFloat(f, 'f', -1, 64); got != want {
			t.Errorf("%v is shown as %s, want %s", f, got, want)
		}
	}
}

func TestDatesShown(t *testing.T) {
	for d, want := range map[Date]string{{}: "", {2020, 0, 0}: "2020", {2020, 3, 0}: "03/2020", {2020, 12, 31}: "31/12/2020", {987, 1, 2}: "02/01/0987"} {
		if got := d.French(); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
	if got := (Cell{Kind: DateCell, Number: 44196.5}).Display(); got != "31/12/2020" {
		t.Errorf("44196.5 is shown as %q", got)
	}
}
