// Package link decides which records are the same person.
package link
