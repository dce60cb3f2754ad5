package run

// laxUmask: there is no umask.
func laxUmask() (restore func()) { return func() {} }
