package disclose

// reach is how far apart the values of each variable are in the tables seen so far.
// A table found for one quantity moves others with it, and those need no table of
// their own.
type reach struct{ up, down []int64 }

func (r *reach) clear() {
	clear(r.up)
	clear(r.down)
}

// wide reports whether a variable is known to span enough.
func (r *reach) wide(v int, enough int64) bool { return r.up[v]+r.down[v] >= enough }

func (r *reach) note(v int, change int64) {
	r.up[v], r.down[v] = max(r.up[v], change), max(r.down[v], -change)
}

// see notes the table the linear program stands at, its deviations times m rounded
// towards the truth.
func (a *attack) see(m int64) {
	for _, r := range a.tab.rows {
		if r.num != 0 && r.basic < len(a.hidden) {
			a.reach.note(r.basic, m*r.num/r.den)
		}
	}
	for _, v := range a.tab.nonbasic {
		if v < len(a.hidden) && a.tab.rest[v] != 0 {
			a.reach.note(v, m*a.tab.rest[v])
		}
	}
}
