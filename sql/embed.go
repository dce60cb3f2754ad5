// Package sql exposes the SQL of cp3 as a file system and does nothing else.
//
// schema/ holds durable tables, in order; staging/, core/ and marts/ the
// derivation, one SELECT a file; checks/ the claims every edition keeps, each a
// query for what breaks it; macros/ the questions analysts ask most, stored in the
// published database; seeds/ the indicator catalogue as CSV.
//
// The words the SQL uses: an *event* is a service a person received, placed in a
// year, a quarter and a region; a topic is *covered* where some submission in
// force reports on it, so that finding nothing is a zero; a *contribution* is one
// row's part in an indicator, to its numerator (N), its denominator (D) or its
// coverage (C), with the *unit* it counts (a person, a company, a session); a
// *measure* is what contributions add up to in one cell of year, quarter, region
// and sex. Values, provenance and explanations all come from the contributions.
//
// To add an indicator: a line in seeds/indicateurs.csv, a file in
// marts/indicators that returns its contributions. To add a claim: a file in
// checks; with severity warning its rows are published as anomalies.
package sql

import "embed"

// Files is the folder as it is in the source tree.
//
//go:embed schema staging core marts checks macros seeds
var Files embed.FS
