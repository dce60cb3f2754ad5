// Package interchange writes the committee's values in the forms other systems take
// in: SDMX-CSV 2.0 for statistical offices, IATI 2.03 results for donors, ADX and
// DHIS2 dataValueSets for health and social information systems, with a map of the
// codes of each.
//
// A *cell* is one value: indicator, year or quarter, nation or region, sex. A cell
// that nobody reported, and one that disclosure control hides, are told to no other
// system: they are not written as empty or as 0, they are left out, and where a
// form can say so (SDMX), a receiver that has an older value is told to delete it.
// These files leave the house, so they are made from the tables the public may
// read.
//
// Every file is read back and held to its form's rules before it is released
// ([Files]): a file that breaks one stops the edition. The same rows give the same
// bytes.
package interchange
