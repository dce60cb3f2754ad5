//go:build !unix

package mail

import "io/fs"

// exposed: permissions here aren't told by mode bits; the file's own access list
// protects it.
func exposed(fs.FileMode) bool { return false }
