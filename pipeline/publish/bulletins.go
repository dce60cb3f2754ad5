package publish

import (
	"bytes"

	"cp3/pipeline/publish/bulletin"
)

// bulletinsDir holds the pages of quarters and years, beside the public tables they
// are made from.
const bulletinsDir = PublicDir + "/bulletins"

// bulletins has a page written for each year and quarter that has values, in each
// language, from what the public may read.
func (s *staging) bulletins(src Source, e Edition) error {
	if !bulletin.Publishable(e.Public) {
		return nil
	}
	data, err := bulletin.Read(s.ctx, src, e.Public)
	if err != nil {
		return err
	}
	edition := bulletin.Edition{Number: e.PublicNumber, Day: e.PublicDay}
	s.beside(func() error {
		for _, issue := range data.Issues() {
			for _, lang := range bulletin.Languages {
				var page bytes.Buffer
				if err := bulletin.Write(&page, data, issue, lang, edition); err != nil {
					return err
				}
				if err := s.put(File{Path: bulletinsDir + "/" + bulletin.FileName(issue, lang)}, page.Bytes()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return nil
}
