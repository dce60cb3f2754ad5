// Package convert has LibreOffice turn workbooks of other formats (.xls, .ods,
// .xlsb, XML 2003) into .xlsx.
//
// The files come from anybody, and LibreOffice reads everything, so a conversion is
// confined. It has a *profile* of its own, made for it and removed after it: macros
// are refused, links to other documents and the network are not followed, nothing of
// the user's is read or kept. It runs as a process group with a time, a size for
// what it writes and a size of memory; what goes beyond is killed with all its
// children. Where the system allows it (Linux, user namespaces), it also has no
// network at all.
//
// A file that LibreOffice can't open, or not within the limits, is a [Failure]: the
// member's trouble, in a word for the catalogue. Other errors are ours.
package convert

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Limits bound what one conversion may cost; a zero field means its default.
type Limits struct {
	Time   time.Duration // 1 minute
	Bytes  int64         // size of any file it writes: 256 MiB
	Memory int64         // address space: 4 GiB
}

func (l Limits) withDefaults() Limits {
	if l.Time == 0 {
		l.Time = time.Minute
	}
	if l.Bytes == 0 {
		l.Bytes = 256 << 20
	}
	if l.Memory == 0 {
		l.Memory = 4 << 30
	}
	return l
}

// Failure is why a file was not converted: "time", "size" or "unreadable".
type Failure struct{ Why string }

func (f *Failure) Error() string { return "not converted: " + f.Why }

// Program is a LibreOffice.
type Program struct {
	path   string
	limits Limits
}

// Find is the LibreOffice at path or, when path is "", the one this machine has in
// its usual places; nil when there is none.
func Find(path string, limits Limits) *Program {
	names := []string{path}
	if path == "" {
		names = usual
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return &Program{found, limits.withDefaults()}
		}
	}
	return nil
}

// usual is where LibreOffice is when nobody says.
var usual = []string{"soffice", "libreoffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice",
	"/Applications/LibreOffice.app/Contents/MacOS/soffice", `C:\Program Files\LibreOffice\program\soffice.com`}

// filters name LibreOffice's way of reading a format. Named, it can't take a
// damaged file for a text and make a sheet of it.
var filters = map[string]string{
	".xls": "MS Excel 97", ".xlsb": "Calc MS Excel 2007 Binary", ".ods": "calc8", ".fods": "OpenDocument Spreadsheet Flat XML",
	".xml": "MS Excel 2003 XML",
}

// Convert converts the workbook at path, whose format is that of extension ext
// (.xls, .xlsb, .ods, .fods, .xml), into the file to. Everything it needs meanwhile is in a folder below scratch.
func (p *Program) Convert(ctx context.Context, path, ext, to, scratch string) (err error) {
	if scratch, err = filepath.Abs(scratch); err != nil { // the profile is named by a URL
		return fmt.Errorf("convert: %w", err)
	}
	dir, err := os.MkdirTemp(scratch, "convert-*")
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	in := filepath.Join(dir, "classeur") // no name of the member's on any command line
	if err := copyFile(in, path); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	if ext == ".ods" && !startsWith(in, "PK") {
		ext = ".fods" // OpenDocument in a single XML file
	}
	if err := os.Rename(in, in+ext); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	in += ext
	switch sound, err := wellFormed(in, ext); {
	case err != nil:
		return err
	case !sound:
		return &Failure{"unreadable"}
	}
	if err := writeProfile(filepath.Join(dir, "profile")); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	err = p.run(ctx, dir, in)
	var failed *Failure
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	out := filepath.Join(dir, "out", "classeur.xlsx")
	info, missing := os.Stat(out)
	switch {
	case missing == nil && info.Size() >= p.limits.Bytes: // cut there by the system
		return &Failure{"size"}
	case failed != nil:
		return failed
	case missing != nil, info.Size() == 0:
		return &Failure{"unreadable"}
	}
	if err := os.Rename(out, to); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// run lets LibreOffice work, within the limits.
func (p *Program) run(ctx context.Context, dir, in string) error {
	late, cancel := context.WithTimeout(ctx, p.limits.Time)
	defer cancel()
	args := []string{"-env:UserInstallation=" + fileURL(filepath.Join(dir, "profile")), "--headless", "--norestore", "--nologo", "--nodefault",
		"--nolockcheck", "--nofirststartwizard", "--infilter=" + filters[filepath.Ext(in)], "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "out"), in}
	cmd, err := p.start(late, dir, args)
	if err == nil {
		err = cmd.Wait()
		reap(cmd)
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("convert: %w", ctx.Err())
	case late.Err() != nil:
		return &Failure{"time"}
	case err == nil:
		return nil
	case errors.As(err, &exit), errors.Is(err, exec.ErrWaitDelay):
		return &Failure{"unreadable"}
	}
	return fmt.Errorf("convert: %w", err)
}

// start starts LibreOffice, confined as far as the system lets us: without any
// network first, and failing that with one that leads nowhere.
func (p *Program) start(ctx context.Context, dir string, args []string) (cmd *exec.Cmd, err error) {
	for _, alone := range []bool{true, false} {
		if cmd = p.command(ctx, args, alone); cmd == nil {
			continue
		}
		cmd.Dir, cmd.Env, cmd.WaitDelay = dir, environment(dir), 5*time.Second
		if err = cmd.Start(); err == nil {
			break
		}
	}
	return cmd, err
}

// environment is all that the conversion knows of this machine. The proxies lead
// nowhere, for systems where the network can't be taken away.
func environment(dir string) []string {
	env := []string{"HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp",
		"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9", "no_proxy="}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "SystemRoot"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// wellFormed reports whether a file that is one XML document is whole: LibreOffice
// takes what there is of one cut short, and says nothing.
func wellFormed(path, ext string) (bool, error) {
	if ext != ".xml" && ext != ".fods" {
		return true, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("convert: %w", err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // its tags are ASCII
	for {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return d.InputOffset() > 0, nil
		case err != nil:
			return false, nil
		}
	}
}

func startsWith(path, magic string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(magic))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == magic
}

func copyFile(to, from string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
