package connectors

import "io/fs"

// Files are the declarations as shipped: members, shared blocks, code lists. What
// is read depends on them, so runs fingerprint them.
var Files fs.FS = declarations
