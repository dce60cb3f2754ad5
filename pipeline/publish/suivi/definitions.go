package suivi

// definitions is the page of what each indicator counts, and who reports it.
func (b *book) definitions() error {
	p := b.newPage("definitions", 6.5, 42, 48, 30, 30, 20)
	p.across(1, len(p.widths), title.with(func(l *look) { l.size = 15 }), say("definitions.title"))
	p.next(24)
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("definitions.definition"), say("definitions.numerator"), say("definitions.denominator"), say("definitions.sources"))
	p.printTitles(head, head, 3)
	small := text.with(func(l *look) { l.size, l.vertical = 9, "top" })
	for _, i := range b.indicators {
		p.put(1, small.with(func(l *look) { l.bold = true }), i.code)
		label := i.label
		if i.labelAR != "" {
			label += "\n" + i.labelAR
		}
		high := 16.0
		for n, s := range []string{label, i.definition, i.numerator, i.denominator, i.sources} {
			p.put(2+n, small, emptyNil(s))
			high = max(high, p.height(s, small, 2+n, 2+n))
		}
		p.next(high)
	}
	return p.end(p.row - 1)
}
