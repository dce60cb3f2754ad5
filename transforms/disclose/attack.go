package disclose

// attack is what the attacker can do with one part of a problem: the linear
// program whose points are the changes nobody could notice.
type attack struct {
	p      *Problem
	part   part
	local  map[int]int // quantity -> variable
	groups []int       // group of each variable
	size   int         // number of groups
	forced []bool      // groups that are hidden whatever is decided
	cost   []int64     // of groups
	tab    *tableau
	hidden []bool  // by variable: hidden now
	slack  []int64 // by how much each bound is kept: the variables after those
	reach  reach   // of the tables seen with what is hidden now
}

func newAttack(p *Problem, c part, lean bool) (*attack, error) {
	a := &attack{p: p, part: c, local: make(map[int]int, len(c.quantities))}
	for v, q := range c.quantities {
		a.local[q] = v
	}
	a.group()
	n := len(c.quantities)
	var rows [][]Term
	for _, r := range c.relations {
		var row []Term
		whole := int64(0)
		for _, t := range p.Relations[r].Terms {
			whole += t.Coef * p.Quantities[t.Quantity].Value
			if v, inside := a.local[t.Quantity]; inside {
				row = append(row, Term{v, t.Coef})
			}
		}
		if p.Relations[r].AtLeast { // what is over is unknown, and not under the least
			row = append(row, Term{n + len(a.slack), -1})
			a.slack = append(a.slack, whole-p.Relations[r].Least)
		}
		rows = append(rows, row)
	}
	tab, err := newTableau(n+len(a.slack), rows, lean)
	if err != nil {
		return nil, err
	}
	a.tab = tab
	for i, over := range a.slack {
		tab.low[n+i], tab.high[n+i] = -over, unbounded
	}
	a.hidden = make([]bool, n)
	a.reach = reach{make([]int64, n), make([]int64, n)}
	for v := range n {
		if a.forced[a.groups[v]] {
			a.hide(v)
		}
	}
	return a, nil
}

// group numbers the groups of the part, in the order of their first quantity.
func (a *attack) group() {
	byName := map[string]int{}
	for _, i := range a.part.quantities {
		q := a.p.Quantities[i]
		g, seen := byName[q.Group]
		if q.Group == "" || !seen {
			g = a.size
			a.size++
			a.forced, a.cost = append(a.forced, false), append(a.cost, 0)
			if q.Group != "" {
				byName[q.Group] = g
			}
		}
		a.groups = append(a.groups, g)
		a.cost[g] += max(1, q.Cost)
		if a.p.mustHide(i) {
			a.forced[g] = true
		}
	}
}

func (a *attack) quantity(v int) Quantity { return a.p.Quantities[a.part.quantities[v]] }

// room is how much smaller a hidden variable could be: to 1, or to 0 where even
// zeros are withheld.
func (a *attack) room(v int) int64 { return a.quantity(v).Value - a.quantity(v).floor() }

// head is how much larger it could be.
func (a *attack) head(v int) int64 {
	if most := a.quantity(v).ceiling(); most < unbounded {
		return most - a.quantity(v).Value
	}
	return unbounded
}

// hide opens a variable: the attacker only knows its floor, and seldom a ceiling.
func (a *attack) hide(v int) {
	a.hidden[v] = true
	a.tab.low[v], a.tab.high[v] = -a.room(v), a.head(v)
}

// hideGroup hides every quantity of a group; show takes groups back.
func (a *attack) hideGroup(g int) {
	for v, of := range a.groups {
		if of == g {
			a.hide(v)
		}
	}
}

func (a *attack) showGroup(g int) {
	for v, of := range a.groups {
		if of == g {
			a.hidden[v] = false
			a.tab.low[v], a.tab.high[v] = 0, 0
		}
	}
	a.tab.reset()
}

// cut is an inequality every safe choice of groups satisfies: the weights of the
// hidden ones add up to need, or the owner isn't hidden.
type cut struct {
	owner  int // group; -1: it is hidden whatever is decided
	weight []weight
	need   int64
	proven bool // by linear programming; others come from a search that may miss
}

// weight is what hiding a group adds to a cut; groups that add nothing have none.
type weight struct {
	group  int
	weight int64
}

// lacking is what hidden groups lack to satisfy the cut.
func (c *cut) lacking(hidden []bool) int64 {
	if c.owner >= 0 && !hidden[c.owner] {
		return 0
	}
	lack := c.need
	for _, w := range c.weight {
		if hidden[w.group] {
			lack -= w.weight
		}
	}
	return max(0, lack)
}

// narrow returns the cut that a too narrow interval of variable v gives, or nil
// when the interval spans enough. Bounds are times grain.
func (a *attack) narrow(v int, enough, grain int64) (*cut, error) {
	far := enough * grain
	up, err := a.tab.push(v, +1, far)
	if err != nil || up.num >= far*up.den {
		a.see(1)
		return nil, err
	}
	a.see(1)
	rise := a.weights(v, +1)
	down, err := a.tab.push(v, -1, far-up.num/up.den)
	if err != nil {
		return nil, err
	}
	a.see(1)
	if up.num*down.den+down.num*up.den >= far*up.den*down.den {
		return nil, nil
	}
	return a.cutFrom(v, enough, up.den, rise, down.den, a.weights(v, -1)), nil
}

// weights says how far each variable can push v in a direction: its gradient times
// the room it has, or would have if it were hidden, times the denominator of v. -1:
// without limit.
func (a *attack) weights(v int, direction int64) []int64 {
	w := make([]int64, len(a.hidden)+len(a.slack))
	for j, other := range a.tab.nonbasic {
		g := direction * a.tab.gradient(v, j)
		switch {
		case g > 0 && other < len(a.hidden) && a.head(other) < unbounded:
			w[other] = g * a.head(other)
		case g > 0:
			w[other] = -1
		case g < 0 && other < len(a.hidden):
			w[other] = -g * a.room(other)
		case g < 0:
			w[other] = -g * a.slack[other-len(a.hidden)]
		}
	}
	return w
}

// cutFrom adds the two directions up, takes what is always there to the other
// side, and gathers by group.
func (a *attack) cutFrom(v int, enough, upDen int64, up []int64, downDen int64, down []int64) *cut {
	need := enough * upDen * downDen
	c := &cut{owner: a.groups[v], need: need, proven: true}
	byGroup := make([]int64, a.size)
	if a.forced[c.owner] {
		c.owner = -1
	}
	for j := range up {
		w := need // without limit
		if up[j] >= 0 && down[j] >= 0 {
			w = min(need, up[j]*downDen+down[j]*upDen)
		}
		switch {
		case w == 0:
		case j >= len(a.hidden), a.forced[a.groups[j]], a.groups[j] == c.owner:
			c.need -= w
		default:
			byGroup[a.groups[j]] = min(need, byGroup[a.groups[j]]+w)
		}
	}
	for g, w := range byGroup {
		if w = min(w, c.need); w > 0 {
			c.weight = append(c.weight, weight{g, w})
		}
	}
	return c
}
