package suivi

// definitions is the page of what each indicator counts, and who reports it.
func (b *book) definitions() error {
	p := b.newPage("definitions", 6.5, 40, 44, 27, 27, 24, 36)
	p.titled(say("definitions.title"), say("definitions.about"))
	head := p.row
	p.headed(say("column.code"), say("column.label"), say("definitions.definition"), say("definitions.numerator"),
		say("definitions.denominator"), say("definitions.sources"), say("definitions.arabic"))
	p.printTitles(head, head)
	p.freeze(head, 3)
	small := text.with(func(l *look) { l.size = 9 })
	arabic := small.with(func(l *look) { l.align, l.rightToLeft = "right", true })
	for _, i := range b.indicators {
		p.spans(span{1, 1, strong, i.code}, span{2, 2, small, i.label}, span{3, 3, small, emptyNil(i.definition)},
			span{4, 4, small, emptyNil(i.numerator)}, span{5, 5, small, emptyNil(i.denominator)}, span{6, 6, small, emptyNil(i.sources)},
			span{7, 7, arabic, emptyNil(i.labelAR)})
	}
	return p.end(p.row - 1)
}
