package disclose

// blunt is how a part is protected that is too hard for a good choice: everything in
// it is hidden, and as much is shown again as the work left allows, what weighs most
// first. It can be stopped at any moment: what is not shown yet is hidden.
func blunt(p *Problem, c part) (*search, error) {
	a, err := newAttack(p, c, true)
	if err != nil {
		return nil, err
	}
	s := newSearch(a)
	everything := make([]bool, s.size)
	for g := range everything {
		everything[g] = true
	}
	s.adopt(everything)
	// What can't be protected even so is shown, or is lost.
	for _, look := range []func(int) (*cut, error){s.tooNarrow, s.notWhole} {
		for {
			found, err := s.each(look)
			if err != nil {
				return nil, err
			}
			if found == 0 {
				break
			}
			s.cuts = nil
		}
	}
	s.release(s.secondary(s.chosen))
	s.bound = 0
	return s, nil
}

// release shows as many of some groups again as it can: all together, or, where they
// can't be, one half after the other.
func (s *search) release(groups []int) {
	if len(groups) == 0 || s.tab.work > endurance/2 {
		return
	}
	for _, g := range groups {
		s.chosen[g] = false
		s.showGroup(g)
	}
	if s.stands() {
		return
	}
	for _, g := range groups {
		s.chosen[g] = true
		s.hideGroup(g)
	}
	if half := len(groups) / 2; half > 0 {
		s.release(groups[:half])
		s.release(groups[half:])
	}
}

// stands reports whether everything hidden is protected as it is.
func (s *search) stands() bool {
	s.probing = true
	defer func() { s.probing = false }()
	for _, look := range []func(int) (*cut, error){s.tooNarrow, s.notWhole} {
		found, err := s.each(look)
		if err != nil || found > 0 {
			return false
		}
	}
	return true
}
