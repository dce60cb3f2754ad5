package read

import (
	"cp3/connectors"
	"cp3/connectors/layout"
	"cp3/pipeline"
	"cp3/transforms/normalise"
)

// at takes the structure's own province for the services it gives.
func (u *understanding) at(v normalise.Value) {
	u.home.name, u.home.attrs = v.Text, v.Attrs
	if p := v.Attrs["province"]; p != "" {
		if u.out.Province == "" {
			u.out.Province = p
		}
		if u.out.Region == "" {
			u.out.Region = regionOf(p)
		}
		u.home.province, u.home.region = u.out.Province, u.out.Region
	}
}

// structureNamed takes the structure that a workbook names without filling it in
// at its place: in the titles over its lists, or the names of its sheets, or its
// own. Only a known one, and the only one named there: two names are two
// structures, and nobody can say which one reports.
func (u *understanding) structureNamed(lists []layout.Match) {
	f := u.structureField()
	if f == nil || u.lists[f.List] == nil {
		return
	}
	for _, texts := range [][]string{titles(lists), sheetNames(lists), {u.fileTitle()}} {
		c, text, n := onlyNamed(u.lists[f.List], texts)
		switch n {
		case 0:
			continue
		case 1:
			u.out.Structure = c.Label.FR
			u.at(normalise.Value{Text: c.Label.FR, Code: c.Code, Attrs: c.Attrs, Present: true})
			u.move("structure.from_title", "", "", "structure", c.LabelLike(text), "title", text)
		}
		return
	}
}

// onlyNamed is the code that texts name, where, and how many they name in all.
func onlyNamed(l *connectors.CodeList, texts []string) (named connectors.Code, where string, n int) {
	for _, t := range texts {
		for _, c := range l.Mentioned(t) {
			if n == 0 || c.Code != named.Code {
				named, where = c, t
				n++
			}
		}
	}
	return named, where, n
}

// structureField is the line of the declaration's form that asks for the
// structure; nil when none does.
func (u *understanding) structureField() *connectors.Field {
	for i := range u.spec.Sheets {
		if s := &u.spec.Sheets[i]; s.Shape == connectors.Form {
			if f := s.Meaning(connectors.MeansStructure); f != nil {
				return f
			}
		}
	}
	return nil
}

// structure settles, once the rows are read, which structure the file answers
// for: when it does not say, the place all its services were given at.
func (u *understanding) structure() {
	if u.out.Structure != "" {
		return
	}
	name := ""
	for i := range u.out.Records.Services {
		p := u.out.Records.Services[i].Place
		if p == "" || name != "" && p != name {
			name = ""
			break
		}
		name = p
	}
	if name != "" {
		u.out.Structure = name
		u.move("structure.guessed", "", "", "structure", name)
		return
	}
	if u.asked.value.Refused {
		return // said at its cell
	}
	sheet, cell, label := u.asked.sheet, "", u.asked.Title
	if u.asked.Field != nil {
		cell = u.asked.cell()
	} else {
		label = u.structureLabel()
	}
	u.issue("structure.unknown", pipeline.Blocking, sheet, cell, label, "")
}

// structureLabel is where the declaration asks for the structure.
func (u *understanding) structureLabel() string {
	for _, s := range u.spec.Sheets {
		if f := s.Meaning(connectors.MeansStructure); f != nil && s.Shape == connectors.Form {
			return f.Label.In(u.out.Lang) + " (« " + s.Name + " »)"
		}
	}
	return "Structure"
}
