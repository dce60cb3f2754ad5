package connectors

// Distance is the optimal string alignment distance of a and b, in characters:
// insertions, deletions, substitutions and swaps of neighbours. Above limit it
// stops and returns limit+1.
func Distance(a, b string, limit int) int { return distance([]rune(a), []rune(b), limit) }

// Within reports whether the distance of a and b is at most limit.
func Within(a, b []rune, limit int) bool { return distance(a, b, limit) <= limit }

func distance(s, t []rune, limit int) int {
	if d := len(s) - len(t); d > limit || -d > limit {
		return limit + 1
	}
	var room [3][64]int // most texts compared are short: no allocation
	var before, last, row []int
	if n := len(t) + 1; n <= len(room[0]) {
		before, last, row = room[0][:n], room[1][:n], room[2][:n]
	} else {
		before, last, row = make([]int, n), make([]int, n), make([]int, n)
	}
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(t)], limit+1)
}
