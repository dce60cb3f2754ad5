package connectors

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/fold"
)

// linter collects what is wrong with one spec, each problem at its key.
type linter struct {
	spec  *Spec
	doc   *document
	lists map[string]*CodeList
	errs  []error
}

// lint says what is wrong with a spec that decodes: what would lose rows
// silently, read a header two ways, or show a focal point an empty label.
func lint(s *Spec, all []*Spec, lists map[string]*CodeList, d *document) []error {
	l := &linter{spec: s, doc: d, lists: lists}
	l.identity(all)
	if s.SheetsOf != "" {
		return l.errs // said once, where they are declared
	}
	l.sheetNames()
	for i := range s.Sheets {
		l.sheet(fmt.Sprintf("sheets[%d]", i), &s.Sheets[i])
	}
	return l.errs
}

func (l *linter) bad(key, format string, args ...any) {
	l.errs = append(l.errs, l.doc.errorf(key, format, args...))
}

func (l *linter) text(key string, t pipeline.Text) {
	if t.FR == "" || t.AR == "" {
		l.bad(key, "needs its text in fr and in ar")
	}
}

// identity checks what the file says of the member.
func (l *linter) identity(all []*Spec) {
	s := l.spec
	if want := strings.TrimSuffix(path.Base(s.file), ".yaml"); string(s.Member) != want {
		l.bad("member", "%q: the file is named %s, its member must be too", s.Member, want)
	}
	l.text("name", s.Name)
	switch s.Role {
	case pipeline.Institution, pipeline.Committee, pipeline.NGO:
	default:
		l.bad("role", "%q: choose institution, committee or ngo", s.Role)
	}
	if s.Template.ID == "" || s.Template.Version == "" {
		l.bad("template", "needs an id and a version")
	}
	for _, other := range all {
		if other != s && other.Template.ID == s.Template.ID {
			l.bad("template.id", "%q is also the template of %s", s.Template.ID, other.Member)
		}
	}
	if r := s.Identification.Region; r != "" && !l.hasCode("region", r) {
		l.bad("identification.region", "%q: not a code of the list region", r)
	}
	l.periodSources()
}

func (l *linter) periodSources() {
	if len(l.spec.Identification.Period) == 0 {
		l.bad("identification.period", "say where the period is found: form, column:<field>, title, sheet_name, file_name, dates")
	}
	for i, p := range l.spec.Identification.Period {
		key := fmt.Sprintf("identification.period[%d]", i)
		kind, field, _ := strings.Cut(p, ":")
		switch kind {
		case "form":
			if !l.anyField(Year) {
				l.bad(key, "form: no form sheet has a field of type year")
			}
		case "title", "sheet_name", "file_name", "dates":
		case "column":
			if !slices.ContainsFunc(l.spec.Sheets, func(s Sheet) bool {
				f := s.Field(field)
				return f != nil && (f.Type == SchoolYear || f.Type == Year)
			}) {
				l.bad(key, "%q: no field %q of type school_year or year", p, field)
			}
		default:
			l.bad(key, "%q: choose form, column:<field>, title, sheet_name, file_name or dates", p)
		}
	}
}

func (l *linter) anyField(t FieldType) bool {
	for _, s := range l.spec.Sheets {
		if s.Shape == Form && slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Type == t }) {
			return true
		}
	}
	return false
}

func (l *linter) sheetNames() {
	if len(l.spec.Sheets) == 0 {
		l.bad("sheets", "a member needs at least one sheet")
	}
	seen := map[string]string{}
	for i, s := range l.spec.Sheets {
		key := fmt.Sprintf("sheets[%d]", i)
		for j, name := range append([]string{s.Name, s.Title.FR, s.Title.AR}, s.Aliases...) {
			k := fold.Key(name)
			if k == "" && j == 0 {
				l.bad(key+".name", "is missing")
			}
			if other, ok := seen[k]; ok && other != s.Name && k != "" {
				l.bad(key, "%q is also a name of sheet %q", name, other)
			}
			seen[k] = s.Name
		}
		if len([]rune(s.Name)) > 31 {
			// "/" and the like are cleaned by the template; length can't be.
			l.bad(key+".name", "%q: Excel allows 31 characters", s.Name)
		}
	}
}

func (l *linter) sheet(key string, s *Sheet) {
	l.text(key+".title", s.Title)
	switch s.Shape {
	case Form:
		if s.Row != "" {
			l.bad(key+".row", "%q: a form has no rows", s.Row)
		}
	case List, Wide:
		if !slices.Contains([]RecordKind{PersonRow, CompanyRow, MeetingRow, SessionRow, DeclaredRow}, s.Row) {
			l.bad(key+".row", "%q: choose person, company, meeting, session or declared", s.Row)
		}
	default:
		l.bad(key+".shape", "%q: choose form, list or wide", s.Shape)
	}
	if (s.Shape == Wide) != (s.Wide != nil) {
		l.bad(key+".wide", "a wide sheet, and no other, says its repeated columns here")
	}
	if s.Wide != nil {
		l.text(key+".wide.women", s.Wide.Women)
		l.text(key+".wide.men", s.Wide.Men)
		l.text(key+".wide.total", s.Wide.Total)
	}
	names := map[string]bool{}
	for i := range s.Fields {
		f := &s.Fields[i]
		if names[f.Name] {
			l.bad(f.at+".name", "%q is declared twice on this sheet", f.Name)
		}
		names[f.Name] = true
		l.field(f.at, s, f)
	}
	l.labels(s)
	l.needs(key, s)
	for i := range s.Services {
		l.emission(fmt.Sprintf("%s.services[%d]", key, i), s, &s.Services[i])
	}
}

// field checks one field by itself and against the others it names.
func (l *linter) field(key string, s *Sheet, f *Field) {
	if f.Name == "" || strings.ToLower(f.Name) != f.Name || strings.ContainsAny(f.Name, " -.:") {
		l.bad(key+".name", "%q: write an English name in snake_case", f.Name)
	}
	l.text(key+".label", f.Label)
	if f.Help != (pipeline.Text{}) {
		l.text(key+".help", f.Help)
	}
	if !slices.Contains(fieldTypes, f.Type) {
		l.bad(key+".type", "%q of %s: no such type", f.Type, f.Name)
	}
	if f.Type == CodeType && f.List == "" {
		l.bad(key+".list", "%s: a code needs its list", f.Name)
	}
	if _, ok := l.lists[f.List]; f.List != "" && !ok {
		l.bad(key+".list", "%q of %s: no lists/%s.yaml%s", f.List, f.Name, f.List, suggest(f.List, slices.Sorted(maps.Keys(l.lists))))
	}
	if f.Means != "" && !slices.Contains(meanings, f.Means) {
		l.bad(key+".means", "%q of %s: choose one of %s", f.Means, f.Name, strings.Join(meanings, ", "))
	}
	if f.Instead != "" && s.Field(f.Instead) == nil {
		l.bad(key+".instead", "%q of %s: no such field on this sheet", f.Instead, f.Name)
	}
	if f.After != "" {
		if other := s.Field(f.After); other == nil || other.Type != DateType || f.Type != DateType {
			l.bad(key+".after", "%q of %s: both must be dates of this sheet", f.After, f.Name)
		}
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		l.bad(key+".min", "%s: min is above max", f.Name)
	}
}

// labels refuses a header that two fields of a sheet would both claim. A short
// alias of one field may be the label of another ("Ville" here, "Ville" there):
// the label wins, so only label against label and alias against alias are wrong.
func (l *linter) labels(s *Sheet) {
	for _, of := range []func(*Field) []string{
		func(f *Field) []string { return []string{f.Label.FR, f.Label.AR} },
		func(f *Field) []string { return f.Aliases },
	} {
		seen := map[string]string{}
		for i := range s.Fields {
			f := &s.Fields[i]
			for _, text := range of(f) {
				k := fold.Key(text)
				if other, ok := seen[k]; ok && other != f.Name && k != "" {
					l.bad(f.at, "%q of %s is also a header of %s", text, f.Name, other)
				}
				seen[k] = f.Name
			}
		}
	}
}

// needs refuses a sheet that can't fill the record its rows are.
func (l *linter) needs(key string, s *Sheet) {
	for _, group := range recordNeeds[s.Row] {
		if !slices.ContainsFunc(group, func(m string) bool { return s.Meaning(m) != nil }) && s.Shape == List {
			l.bad(key+".fields", "a %s row needs a field that means %s", s.Row, strings.Join(group, " or "))
		}
	}
	if len(s.Services) > 0 && s.Row != PersonRow {
		l.bad(key+".services", "only person rows receive services")
	}
}

func (l *linter) emission(key string, s *Sheet, e *Emission) {
	if !e.Service.Valid() {
		l.bad(key+".service", "%q: not a service", e.Service)
	}
	if len(e.Date) == 0 {
		l.bad(key+".date", "%s: name the field that dates it", e.Service)
	}
	for _, name := range e.Date {
		base, end := strings.CutSuffix(name, ".end")
		f := s.Field(base)
		if f == nil || f.Type != DateType && f.Type != SchoolYear && f.Type != Year || end && f.Type != SchoolYear {
			l.bad(key+".date", "%q: name a date, year or school_year field of this sheet", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.When)) {
		l.condition(key+".when", s.Field(name), name, e.When[name])
	}
	if field, ok := strings.CutPrefix(e.Toward, "field:"); ok && s.Field(field) == nil {
		l.bad(key+".toward", "%q: no such field on this sheet", e.Toward)
	}
	if (e.Toward != "") != (e.Service == pipeline.Referral) {
		l.bad(key+".toward", "a referral, and no other service, is made toward a member")
	}
}

// condition checks that a condition can ever hold.
func (l *linter) condition(key string, f *Field, name string, codes []string) {
	if f == nil {
		l.bad(key, "%q: no such field on this sheet", name)
		return
	}
	if len(codes) == 0 {
		l.bad(key+"."+name, "name at least one code, or \"*\"")
	}
	for _, c := range codes {
		if c != "*" && !l.hasCode(f.List, c) {
			l.bad(key+"."+name, "%q: not a code of the list %s", c, f.List)
		}
	}
}

func (l *linter) hasCode(list, code string) bool {
	codes, ok := l.lists[list]
	return ok && slices.ContainsFunc(codes.Codes, func(c Code) bool { return c.Code == code })
}

// suggest names the nearest of some words, for a misspelt one.
func suggest(word string, known []string) string {
	best, at := 3, ""
	for _, k := range known {
		if d := Distance(word, k, best); d < best {
			best, at = d, k
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", at)
}
