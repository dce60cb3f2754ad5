package run

import (
	"errors"
	"os"
	"testing"
	"time"

	"cp3/pipeline/mail"
	"cp3/pipeline/mail/mailtest"
)

// Killed between writing down that a message goes and that it went, nobody knows
// whether it did: it isn't sent again. Killed before, it is.
func TestOutboxAfterACrash(t *testing.T) {
	o := testOptions(t)
	s := mailtest.New(t, nil)
	o.Config.Mail = MailConfig{Host: s.Host, Port: s.Port, Security: mail.StartTLS, CAFile: s.CAFile, From: "cp3@example.ma"}
	l := func(what string) letter {
		return letter{[]string{event("a@example.ma", what)}, mail.Message{To: "a@example.ma", Subject: what, Text: what}}
	}
	b, err := o.openOutbox()
	if err != nil {
		t.Fatal(err)
	}
	if sent, err := b.send(t.Context(), l("one")); err != nil || !sent {
		t.Fatal(sent, err)
	}
	if err := b.mark(l("two"), mailGoing, ""); err != nil { // and killed
		t.Fatal(err)
	}
	f, err := os.OpenFile(b.file(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"event":"` + l("three").events[0] + `","state":"goi`) // killed while writing
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}

	o.Now = func() time.Time { return time.Date(2021, 2, 2, 0, 0, 0, 0, time.UTC) }
	b, err = o.openOutbox()
	if err != nil {
		t.Fatal(err)
	}
	if b.since.Day() != 1 {
		t.Errorf("mail is set up since %s: not the first day", b.since)
	}
	for what, told := range map[string]bool{"one": true, "two": true, "three": false, "four": false} {
		if b.told(l(what).events[0]) != told {
			t.Errorf("%s: told %v, want %v", what, !told, told)
		}
	}
	if n, _ := b.troubles(mailGoing); n != 1 {
		t.Errorf("%d messages nobody knows of, want 1", n)
	}
	if sent, err := b.send(t.Context(), l("three")); err != nil || !sent {
		t.Fatal(sent, err)
	}
	if b, err = o.openOutbox(); err != nil || !b.told(l("three").events[0]) {
		t.Error("a mark after a torn line is lost", err)
	}
}

func TestMailConfigIsStrict(t *testing.T) {
	good := MailConfig{Host: "h", Security: mail.StartTLS, From: "cp3@example.ma"}
	for want, change := range map[string]func(*MailConfig){
		"":                   func(*MailConfig) {},
		"mail.security":      func(c *MailConfig) { c.Security = "ssl" },
		"mail.from":          func(c *MailConfig) { c.From = "cp3" },
		"mail.alarms":        func(c *MailConfig) { c.Alarms = []string{"nobody"} },
		"mail.password_file": func(c *MailConfig) { c.User = "u" },
		"mail.port":          func(c *MailConfig) { c.Port = 70000 },
	} {
		c := good
		change(&c)
		err := c.validate()
		if (want == "") != (err == nil) || err != nil && err.Error()[:len(want)] != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	c := good
	c.Security, c.User, c.PasswordFile = mail.Plain, "u", "f"
	if c.validate() == nil {
		t.Error("a password may go in clear")
	}
}
