//go:build !unix

package run

import "io/fs"

// exposed: permissions here aren't told by mode bits; the folder's own access
// list protects prive/.
func exposed(fs.FileMode) bool { return false }
