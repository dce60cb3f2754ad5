// Package sql exposes the SQL of cp3 as a file system and does nothing else.
//
// schema/ holds durable tables, in order; staging/, core/ and marts/ the
// derivation, one SELECT a file; checks/ the claims every edition keeps, each a
// query for what breaks it; seeds/ the indicator catalogue as CSV.
package sql

import "embed"

// Files is the folder as it is in the source tree.
//
//go:embed schema staging core marts checks seeds
var Files embed.FS
