package publish

import (
	"slices"

	"cp3/pipeline"
	"cp3/pipeline/publish/interchange"
)

// interchangeDir holds the files for other systems.
const interchangeDir = "echanges"

// interchange has the files written that other systems take in, from what the public may
// read. What was withdrawn is told by place alone, so that the table of revisions,
// which isn't public, can tell it.
func (s *staging) interchange(src Source, e Edition) error {
	if !interchange.Publishable(e.Public) {
		return nil
	}
	tables := slices.Clone(e.Public)
	for _, t := range e.Tables {
		if t.Name == "revisions" && !slices.ContainsFunc(tables, func(p pipeline.Table) bool { return p.Name == t.Name }) {
			tables = append(tables, t)
		}
	}
	data, err := interchange.Read(s.ctx, src, tables, e.PublicNumber)
	if err != nil {
		return err
	}
	activity := e.Activity
	if activity == (interchange.Activity{}) {
		activity = interchange.Unregistered
	}
	s.beside(func() error {
		written, err := interchange.Files(data, activity, e.PublicDay)
		if err != nil {
			return err
		}
		for _, f := range written {
			if err := s.put(File{Path: interchangeDir + "/" + f.Name, Rows: f.Rows}, f.Bytes); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}
