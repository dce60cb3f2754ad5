package run

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cp3/pipeline/mail"
)

// The outbox remembers which messages were sent about which events, so that none
// is sent twice: not after a crash, not by another process, not when the server's
// answer was lost. An intention is written down before a message goes out and its
// outcome after; an intention without an outcome is not tried again, but shown.
//
// One line of marks.jsonl is one mark; the last one of an event counts. It holds
// no address: an event's name is a hash of what happened and of whom to tell.
type outbox struct {
	server mail.Server
	dir    string
	now    func() time.Time
	marks  map[string]mark
	since  time.Time // what happened before is told to nobody: mail wasn't set up then
	down   string    // why the server can't be spoken to; "" as far as is known
}

// mark is what is known of one message.
type mark struct {
	Event string    `json:"event"`
	State markState `json:"state"`
	At    time.Time `json:"at"`
	Why   string    `json:"why,omitempty"`
}

type markState string

const (
	mailGoing   markState = "going"   // about to be sent; if it stays so, nobody knows
	mailGone    markState = "gone"    // the server took it
	mailWaiting markState = "waiting" // not sent; to be tried again
	mailRefused markState = "refused" // the server won't take it
	mailUnknown markState = "unknown" // the line broke
)

// openOutbox reads the marks. The first time, it writes down since when mail is
// sent.
func (o Options) openOutbox() (*outbox, error) {
	b := &outbox{server: o.server(), dir: o.Workspace.path("prive", "courrier"), now: o.Now, marks: map[string]mark{}}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	if err := b.read(); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	if b.since.IsZero() {
		return b, b.write(mark{Event: sinceEvent, State: mailGone, At: o.Now().UTC()})
	}
	return b, nil
}

// sinceEvent is the mark of the day mail was set up.
const sinceEvent = "depuis"

func (b *outbox) file() string { return filepath.Join(b.dir, "marks.jsonl") }

func (b *outbox) read() error {
	f, err := os.Open(b.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var m mark
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			continue // cut short by a crash: its message hadn't begun to go
		}
		b.know(m)
	}
	return lines.Err() // marks that can't be read must not pass for letters never sent
}

func (b *outbox) know(m mark) {
	if m.Event == sinceEvent {
		b.since = m.At
	}
	b.marks[m.Event] = m
}

// write makes a mark durable. It begins on a line of its own: the last one may
// have been cut short.
func (b *outbox) write(m mark) (err error) {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(b.file(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString("\n" + string(line) + "\n"); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	b.know(m)
	return nil
}

// event names something that happened to be told to somebody.
func event(to string, what ...string) string {
	h := sha256.New()
	for _, w := range append([]string{to}, what...) {
		fmt.Fprintf(h, "%d %s\n", len(w), w)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

// told reports whether an event needs no message any more.
func (b *outbox) told(event string) bool {
	m, ok := b.marks[event]
	return ok && m.State != mailWaiting
}

// letter is a message about events that were not told yet.
type letter struct {
	events  []string
	message mail.Message
}

// send sends a letter, once. An error is ours; what the server says is in the
// marks.
func (b *outbox) send(ctx context.Context, l letter) (sent bool, err error) {
	if b.down != "" {
		// The others of this round would each wait as long for the same silence.
		if slices.ContainsFunc(l.events, func(e string) bool { return b.marks[e].State != mailWaiting }) {
			return false, b.mark(l, mailWaiting, b.down)
		}
		return false, nil
	}
	l.message.ID = event("", l.events...)
	l.message.Date = b.now()
	if err := b.mark(l, mailGoing, ""); err != nil {
		return false, err
	}
	err = b.server.Send(ctx, l.message)
	var f *mail.Failure
	switch {
	case err == nil:
		return true, b.mark(l, mailGone, "")
	case !errors.As(err, &f):
		return false, err
	case f.Unknown:
		return false, b.mark(l, mailUnknown, f.Error())
	case f.Final:
		return false, b.mark(l, mailRefused, f.Error())
	case f.NoLine:
		b.down = f.Error()
	}
	return false, b.mark(l, mailWaiting, f.Error())
}

// whyLength is how much of a server's answer is kept.
const whyLength = 500

func (b *outbox) mark(l letter, s markState, why string) error {
	if len(why) > whyLength {
		why = strings.ToValidUTF8(why[:whyLength], "") + "…" // servers can be talkative
	}
	for _, e := range l.events {
		if err := b.write(mark{e, s, b.now().UTC(), why}); err != nil {
			return err
		}
	}
	return nil
}

// troubles counts the messages in a state that somebody has to see to, and the
// reason of the last.
func (b *outbox) troubles(s ...markState) (n int, why string) {
	var last time.Time
	for _, m := range b.marks {
		for _, state := range s {
			if m.State != state {
				continue
			}
			n++
			if m.At.After(last) {
				last, why = m.At, m.Why
			}
		}
	}
	return n, why
}
