package run

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // Africa/Casablanca must be known on a machine without a zone database

	"cp3/connectors"
	"cp3/connectors/workbook"
	"cp3/pipeline"
	"cp3/pipeline/mail"
	"cp3/pipeline/read"
	"cp3/pipeline/wording"

	"github.com/goccy/go-yaml"
)

// Config is cp3.yaml. Unknown keys are refused.
type Config struct {
	Lang         string            `yaml:"lang"`
	TimeZone     string            `yaml:"time_zone"`
	Members      []pipeline.Member `yaml:"members"`
	Expectations []Expectation     `yaml:"expectations"`
	Inbox        InboxConfig       `yaml:"inbox"`
	// Declared are the declarations in force; none: those shipped.
	Declared connectors.Declared `yaml:"-" json:"-"`

	Limits LimitsConfig `yaml:"limits"`
	// Conversion changes what becomes of later files only.
	Conversion  ConversionConfig  `yaml:"conversion" json:"-"`
	Resources   ResourcesConfig   `yaml:"resources"`
	Disclosure  DisclosureConfig  `yaml:"disclosure"`
	Publication PublicationConfig `yaml:"publication"`

	// How the workspace is kept: nothing here changes an edition.
	Backup    BackupConfig    `yaml:"backup" json:"-"`
	Retention RetentionConfig `yaml:"retention" json:"-"`
	Alarms    AlarmsConfig    `yaml:"alarms" json:"-"`
	Mail      MailConfig      `yaml:"mail" json:"-"`
	Contacts  []Contact       `yaml:"contacts" json:"-"`
	Reminders RemindersConfig `yaml:"reminders" json:"-"`

	zone *time.Location
}

// Expectation says which reports are expected of a member, and by when.
type Expectation struct {
	Member     pipeline.Member `yaml:"member"`
	Structures []string        `yaml:"structures"` // empty: one report for the member as a whole
	Every      string          `yaml:"every"`      // quarter | year
	From       string          `yaml:"from"`       // 2020-T1 or 2020
	To         string          `yaml:"to"`
	Days       int             `yaml:"days"` // days left after the period's end
}

// InboxConfig says how the drop folder is watched.
type InboxConfig struct {
	Settle time.Duration `yaml:"settle"` // how long a file must be left alone
}

// LimitsConfig bounds what one workbook may cost.
type LimitsConfig struct {
	FileMB  int64         `yaml:"file_mb"`
	SheetMB int64         `yaml:"sheet_mb"` // inflated size of one sheet
	Cells   int64         `yaml:"cells"`
	Time    time.Duration `yaml:"time"`
	CopyMB  int64         `yaml:"answer_copy_mb"` // above: an answer holds no copy of the workbook
}

// ConversionConfig says how files of other formats become workbooks.
type ConversionConfig struct {
	Program  string        `yaml:"program"` // auto, off, or a LibreOffice
	Time     time.Duration `yaml:"time"`
	OutputMB int64         `yaml:"output_mb"`
	MemoryMB int64         `yaml:"memory_mb"`
}

// PublicationConfig says what publication/ keeps.
type PublicationConfig struct {
	Keep int `yaml:"keep"` // editions that stay readable, the current one included
}

// BadConfig is trouble in cp3.yaml: wrong usage, told in one line with the file
// and the key.
type BadConfig struct {
	File string
	Err  error
}

func (e *BadConfig) Error() string {
	return fmt.Sprintf("%s: %s", e.File, strings.ReplaceAll(e.Err.Error(), "\n", " "))
}

func (e *BadConfig) Unwrap() error { return e.Err }

// DefaultConfig is what cp3.yaml says when it says nothing.
func DefaultConfig() Config {
	return Config{
		Lang:        "fr",
		TimeZone:    "Africa/Casablanca",
		Inbox:       InboxConfig{Settle: 2 * time.Second},
		Limits:      LimitsConfig{FileMB: 100, SheetMB: 2048, Cells: 20_000_000, Time: 2 * time.Minute, CopyMB: 8},
		Conversion:  ConversionConfig{Program: "auto", Time: time.Minute, OutputMB: 256, MemoryMB: 4096},
		Resources:   ResourcesConfig{Memory: "1GB"},
		Disclosure:  DisclosureConfig{Threshold: 5, Every: everyEdition},
		Publication: PublicationConfig{Keep: 5},
		Alarms:      AlarmsConfig{NoRun: 36 * time.Hour, DiskMB: 1024},
		Mail:        MailConfig{Security: mail.StartTLS},
		Reminders:   RemindersConfig{Days: []int{-7, 1, 15}},
	}
}

// LoadConfig reads cp3.yaml strictly; what it leaves out keeps its default, and
// without a file ("") everything does. known are the members that have a
// declaration. Errors are *BadConfig.
func LoadConfig(file string, known []pipeline.Member) (Config, error) {
	c := DefaultConfig()
	var b []byte
	if file != "" {
		var err error
		if b, err = os.ReadFile(file); err != nil {
			return c, fmt.Errorf("read configuration: %w", err)
		}
	}
	if err := yaml.UnmarshalWithOptions(b, &c, yaml.Strict()); err != nil {
		return c, &BadConfig{file, errors.New(yaml.FormatError(err, false, false))}
	}
	if c.TimeZone == "" && c.Lang == "" { // nothing but comments: the library empties the value
		c = DefaultConfig()
	}
	if len(c.Members) == 0 {
		c.Members = known
	}
	if err := c.validate(known); err != nil {
		return c, &BadConfig{file, err}
	}
	return c, nil
}

func (c *Config) validate(known []pipeline.Member) error {
	if !slices.Contains(wording.Languages, c.Lang) {
		return fmt.Errorf("lang: %q: choose one of %s", c.Lang, strings.Join(wording.Languages, ", "))
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return fmt.Errorf("time_zone: %q is not a time zone: write it like Africa/Casablanca", c.TimeZone)
	}
	c.zone = zone
	for i, m := range c.Members {
		if !slices.Contains(known, m) {
			return fmt.Errorf("members[%d]: %q has no declaration: choose among %s", i, m, join(known))
		}
	}
	for i, e := range c.Expectations {
		if err := e.validate(c.Members); err != nil {
			return fmt.Errorf("expectations[%d].%w", i, err)
		}
	}
	if err := errors.Join(c.Disclosure.validate(), c.Resources.validate(), c.Backup.validate(), c.Retention.validate(), c.validateMail()); err != nil {
		return err
	}
	for _, limit := range []struct {
		key   string
		value int64
	}{
		{"limits.file_mb", c.Limits.FileMB}, {"limits.sheet_mb", c.Limits.SheetMB}, {"limits.cells", c.Limits.Cells},
		{"conversion.time", int64(c.Conversion.Time)}, {"conversion.output_mb", c.Conversion.OutputMB}, {"conversion.memory_mb", c.Conversion.MemoryMB},
		{"limits.time", int64(c.Limits.Time)}, {"limits.answer_copy_mb", c.Limits.CopyMB}, {"disclosure.threshold", int64(c.Disclosure.Threshold)},
	} {
		if limit.value <= 0 {
			return fmt.Errorf("%s: must be above zero", limit.key)
		}
	}
	return nil
}

func (e Expectation) validate(members []pipeline.Member) error {
	if !slices.Contains(members, e.Member) {
		return fmt.Errorf("member: %q is not one of members: choose among %s", e.Member, join(members))
	}
	if e.Every != "quarter" && e.Every != "year" {
		return fmt.Errorf("every: %q: choose quarter or year", e.Every)
	}
	for _, end := range [][2]string{{"from", e.From}, {"to", e.To}} {
		period, err := pipeline.ParsePeriod(end[1])
		if err != nil {
			return fmt.Errorf("%s: %w", end[0], err)
		}
		if e.Every == "quarter" && period.Quarter == 0 {
			return fmt.Errorf("%s: %q: write a quarter (2020-T1)", end[0], end[1])
		}
	}
	if len(e.Periods()) == 0 {
		return fmt.Errorf("to: %s is before %s", e.To, e.From)
	}
	return nil
}

// Periods lists the periods reports are expected for.
func (e Expectation) Periods() []pipeline.Period {
	from, err1 := pipeline.ParsePeriod(e.From)
	to, err2 := pipeline.ParsePeriod(e.To)
	if err1 != nil || err2 != nil {
		return nil
	}
	var periods []pipeline.Period
	for p := from; p.First().Compare(to.First()) <= 0; {
		if e.Every == "year" {
			periods = append(periods, pipeline.Period{Year: p.Year})
			p = pipeline.Period{Year: p.Year + 1}
			continue
		}
		periods = append(periods, p)
		if p.Quarter++; p.Quarter > 4 {
			p = pipeline.Period{Year: p.Year + 1, Quarter: 1}
		}
	}
	return periods
}

// Due is the last day to report on p.
func (e Expectation) Due(p pipeline.Period) pipeline.Date {
	return pipeline.DateOf(p.Last().Time().AddDate(0, 0, e.Days))
}

// Day is the civil date of t where the committee sits.
func (c Config) Day(t time.Time) pipeline.Date { return pipeline.DateOf(t.In(c.zone)) }

// reading is what one workbook may cost.
// reader prepares the declarations in force.
func (c Config) reader() (*read.Reader, error) {
	if c.Declared.Specs == nil {
		return read.NewReader(c.reading())
	}
	return read.NewReaderOf(c.Declared.Specs, c.reading())
}

func (c Config) reading() workbook.Limits {
	return workbook.Limits{FileBytes: c.Limits.FileMB << 20, EntryBytes: c.Limits.SheetMB << 20, Cells: c.Limits.Cells, Time: c.Limits.Time}
}

// Zone is the time zone of the committee.
func (c Config) Zone() *time.Location { return c.zone }

func join(members []pipeline.Member) string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}
