package link

import "testing"

// Narrow makes windows of at most n records for a test.
func Narrow(t testing.TB, n int) {
	was := widest
	widest = n
	t.Cleanup(func() { widest = was })
}
