//go:build unix

package mail

import "io/fs"

// exposed reports whether others than the owner can read a secret.
func exposed(m fs.FileMode) bool { return m.Perm()&0o077 != 0 }
