package example

import (
	"cp3/pipeline"
)

// Manifest says what was planted in the example, and where: what a reader, a
// linkage or an indicator must make of it can be checked against it. Paths are
// below the folder written to, slash-separated; rows and cells are as Excel
// shows them.
type Manifest struct {
	Seed       uint64       `yaml:"seed"`
	Files      []File       `yaml:"files"`
	Expected   []Expected   `yaml:"expected"`   // what each member owes, and when
	Missing    []Expected   `yaml:"missing"`    // expected and never delivered
	Late       []string     `yaml:"late"`       // paths delivered after their due day
	Copies     []Copy       `yaml:"copies"`     // the same bytes under two names
	Replaced   []Replaced   `yaml:"replaced"`   // the same identity submitted again
	Refused    []Refusal    `yaml:"refused"`    // rows that can't be kept
	Doubtful   []Refusal    `yaml:"doubtful"`   // cells that can't be understood, on rows to keep
	Disagree   []Difference `yaml:"disagree"`   // declared totals that aren't their list's
	BadTotals  []BadTotal   `yaml:"bad_totals"` // tables whose total isn't the sum of its parts
	Doubles    []Double     `yaml:"doubles"`    // one person twice in one sheet
	LookAlikes []LookAlikes `yaml:"look_alikes"`
	Shared     []Shared     `yaml:"shared"` // persons whom several members list
	// Truth tells who is who, row by row: in truth.csv rather than in the YAML.
	Truth []Truth `yaml:"-"`
}

// File is one file of the example.
type File struct {
	Path      string          `yaml:"path"`
	Member    pipeline.Member `yaml:"member"`
	Structure string          `yaml:"structure"`
	Period    string          `yaml:"period"`   // 2020 or 2020-T1; "" for a lock file
	Delivery  string          `yaml:"delivery"` // the day it appears in the folder: 2020-10-09
	Saved     string          `yaml:"saved"`    // the workbook's own "last saved" day
	Rows      int             `yaml:"rows"`     // nominative rows
	Habits    []Habit         `yaml:"habits"`
}

// Expected is a workbook that is due.
type Expected struct {
	Member    pipeline.Member `yaml:"member"`
	Structure string          `yaml:"structure"`
	Period    string          `yaml:"period"`
	Due       string          `yaml:"due"`
}

// Copy is a file dropped again under another name.
type Copy struct {
	Path string `yaml:"path"`
	Of   string `yaml:"of"`
}

// Replaced is a submission that a later one with the same identity replaces.
type Replaced struct {
	Before string `yaml:"before"`
	After  string `yaml:"after"`
	// Wrong says what the first one got wrong and the second one mends.
	Wrong []string `yaml:"wrong"`
}

// Spot is where something is planted: a row of a sheet of a file.
type Spot struct {
	Path  string `yaml:"path"`
	Sheet string `yaml:"sheet"`
	Row   int    `yaml:"row"`
}

// Refusal is a cell that can't be understood, and why.
type Refusal struct {
	Spot   `yaml:",inline"`
	Cell   string `yaml:"cell"`
	Why    string `yaml:"why"`
	Person string `yaml:"person"` // listed nowhere else when the row is to be refused
}

// Difference is a declared total that disagrees with the list of its own file.
type Difference struct {
	Spot     `yaml:",inline"`
	Code     string `yaml:"code"`
	Declared int    `yaml:"declared"`
	Listed   int    `yaml:"listed"`
}

// BadTotal is a cell of a table that isn't the sum it says it is.
type BadTotal struct {
	Path    string `yaml:"path"`
	Sheet   string `yaml:"sheet"`
	Cell    string `yaml:"cell"`
	Written int    `yaml:"written"`
	Sum     int    `yaml:"sum"`
}

// Double is one person on several rows of one sheet.
type Double struct {
	Path   string `yaml:"path"`
	Sheet  string `yaml:"sheet"`
	Rows   []int  `yaml:"rows,flow"`
	Person string `yaml:"person"`
}

// LookAlikes are persons who must stay apart.
type LookAlikes struct {
	Kind    LookAlike `yaml:"kind"`
	Persons []string  `yaml:"persons,flow"`
	At      []Truth   `yaml:"at"`
}

// Shared is a person whom several members list.
type Shared struct {
	Person string  `yaml:"person"`
	At     []Truth `yaml:"at"`
}

// Truth says which person a nominative row is, and the names written there.
type Truth struct {
	Spot   `yaml:",inline"`
	Person string `yaml:"person"`
	As     string `yaml:"as"`
}
