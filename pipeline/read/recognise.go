package read

import (
	"slices"
	"strings"

	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
)

// recognise finds whose workbook it is, and what each of its sheets is. The
// folder says who sent it; the template's mark, or failing that the columns, say
// which declaration it follows. When they disagree nobody can tell whose figures
// they are: the file is refused, and the focal point told what was expected.
func (u *understanding) recognise() (layout.Recognition, bool) {
	if marked := u.marked(); marked != nil {
		if u.src.Member != "" && marked.Member != u.src.Member {
			u.otherMember(marked)
			return layout.Recognition{}, false
		}
		u.use(marked)
		return u.as(marked), true
	}
	if own := connectors.Find(u.specs, u.src.Member); own != nil {
		found := u.as(own)
		if found.Data > 0 && byName(found) {
			u.use(own)
			return found, true
		}
		if other, score := u.best(own.Member); other != nil && score >= found.Score+layout.Better && (!listNamed(found) || listNamed(u.as(other))) {
			u.otherMember(other)
			return layout.Recognition{}, false
		}
		if found.Data > 0 || named(found) {
			u.use(own)
			return found, true
		}
		u.notRecognised(own)
		return layout.Recognition{}, false
	}
	if best, _ := u.best(""); best != nil {
		u.use(best)
		return u.as(best), true
	}
	u.notRecognised(nil)
	return layout.Recognition{}, false
}

func (u *understanding) use(s *connectors.Spec) {
	u.spec = s
	u.out.Member = s.Member
	u.out.Template = s.Template.ID
}

// byName reports whether every sheet is known by its name: then no other member's
// declaration needs to be tried.
func byName(r layout.Recognition) bool {
	for _, m := range r.Matches {
		if m.How != layout.ByName && m.How != layout.ByCopy {
			return false
		}
	}
	for _, n := range r.Unread {
		if n.Why == "unknown_sheet" || n.Why == "no_header" || n.Why == "transposed" {
			return false
		}
	}
	return true
}

// named reports whether sheets of the declaration were found by their names:
// then what is wrong with them is more useful to hear than "not recognised".
func named(r layout.Recognition) bool {
	for _, m := range r.Matches {
		if m.How != layout.ByHeader {
			return true
		}
	}
	for _, n := range r.Unread {
		if n.Why == "no_header" || n.Why == "transposed" || n.Why == "empty_sheet" && n.Guide != nil {
			return true
		}
	}
	return false
}

// listNamed reports whether a list of the declaration was found under its very
// name: columns that another member also has don't outweigh that.
func listNamed(r layout.Recognition) bool {
	return slices.ContainsFunc(r.Matches, func(m layout.Match) bool { return m.List != nil && m.How == layout.ByName })
}

// as is the workbook read by a member's declaration.
func (u *understanding) as(s *connectors.Spec) layout.Recognition {
	return layout.Recognise(u.book.sheets, u.guides[s.Member])
}

// marked is the declaration whose template the workbook says it is.
func (u *understanding) marked() *connectors.Spec {
	id := u.mark(connectors.TemplateProperty)
	if id == "" {
		return nil
	}
	for _, s := range u.specs {
		if strings.EqualFold(s.Template.ID, id) {
			return s
		}
	}
	return nil
}

// mark is what the template left in a workbook: a custom property, or a defined
// name when a program dropped the properties.
func (u *understanding) mark(name string) string {
	if v := strings.TrimSpace(u.book.props.Custom[name]); v != "" {
		return v
	}
	return strings.Trim(strings.TrimPrefix(u.book.props.DefinedNames[name], "="), `" `)
}

// best is the declaration, other than one, that the workbook's columns follow
// most; nil when none does, or two do equally.
func (u *understanding) best(except pipeline.Member) (best *connectors.Spec, score int) {
	tie := false
	for _, s := range u.specs {
		if s.Member == except {
			continue
		}
		found := u.as(s)
		switch {
		case found.Data == 0:
		case found.Score > score:
			best, score, tie = s, found.Score, false
		case found.Score == score:
			tie = true
		}
	}
	if tie && except == "" {
		return nil, 0
	}
	return best, score
}

func (u *understanding) otherMember(s *connectors.Spec) {
	u.issue("file.other_member", pipeline.Blocking, "", "", "", "",
		"member", string(u.src.Member), "other", string(s.Member))
}

func (u *understanding) notRecognised(own *connectors.Spec) {
	member, expected := string(u.src.Member), ""
	if own != nil {
		expected = expectedSheets(own)
	}
	u.issue("file.not_recognised", pipeline.Blocking, "", "", "", "", "member", member, "expected", expected)
}

func expectedSheets(s *connectors.Spec) string {
	var names []string
	for _, sheet := range s.Sheets {
		names = append(names, "« "+sheet.Name+" »")
	}
	return strings.Join(names, ", ")
}

// unread accounts for the sheets that are not read, and says so of those a member
// may believe are.
func (u *understanding) unread(sheets []layout.Unread) {
	for _, n := range sheets {
		u.ignoreSheet(n.Sheet, n.Why)
		switch n.Why {
		case "unknown_sheet":
			u.move("sheet.unknown", n.Sheet.Name, "", "expected", expectedSheets(u.spec))
		case "copied_sheet":
			u.issue("sheet.copied", pipeline.Warning, n.Sheet.Name, "", "", "", "other", n.Of)
		case "transposed":
			u.issue("sheet.transposed", pipeline.Blocking, n.Sheet.Name, "", "", "", "expected", expectedHeaders(n.Guide.Spec, u.out.Lang))
		case "no_header":
			if n.Guide.Spec.Shape == connectors.Form {
				u.move("sheet.unknown", n.Sheet.Name, "", "expected", expectedSheets(u.spec))
				continue
			}
			u.issue("sheet.no_header", pipeline.Blocking, n.Sheet.Name, "", "", "", "expected", expectedHeaders(n.Guide.Spec, u.out.Lang))
		}
	}
}

// missingSheets says which sheets the member must send and did not.
func (u *understanding) missingSheets(found layout.Recognition) {
	have := map[*connectors.Sheet]bool{}
	for _, m := range found.Matches {
		have[m.Guide.Spec] = true
	}
	for _, n := range found.Unread {
		if n.Guide != nil {
			have[n.Guide.Spec] = true
		}
	}
	for i := range u.spec.Sheets {
		if s := &u.spec.Sheets[i]; s.Required && !have[s] {
			u.issue("sheet.missing", pipeline.Blocking, "", "", "", "", "name", s.Name)
		}
	}
}

// expectedHeaders lists a sheet's required columns, or all when none is.
func expectedHeaders(s *connectors.Sheet, lang string) string {
	var required, all []string
	for _, f := range s.Fields {
		if f.Unlisted {
			continue
		}
		label := "« " + f.Label.In(lang) + " »"
		all = append(all, label)
		if f.Required {
			required = append(required, label)
		}
	}
	if len(required) == 0 {
		required = all
	}
	return strings.Join(required, ", ")
}
