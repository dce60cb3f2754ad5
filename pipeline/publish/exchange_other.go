//go:build !linux

package publish

import "errors"

var errNoExchange = errors.New("this system can't exchange two names")

func exchange(string, string) error { return errNoExchange }
