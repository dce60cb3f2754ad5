package run

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"cp3/pipeline"
	"cp3/pipeline/fold"
	"cp3/pipeline/mail"
	"cp3/pipeline/wording"
)

// MailConfig says through which server mail goes, and to whom alarms do.
type MailConfig struct {
	Host         string        `yaml:"host"` // none: no mail
	Port         int           `yaml:"port"`
	Security     mail.Security `yaml:"security"` // starttls, tls, or none
	User         string        `yaml:"user"`
	PasswordFile string        `yaml:"password_file"`
	CAFile       string        `yaml:"ca_file"`
	From         string        `yaml:"from"`
	Alarms       []string      `yaml:"alarms"` // who is told what needs a human
}

// Contact is a focal point with an address.
type Contact struct {
	Member     pipeline.Member `yaml:"member"`
	Structures []string        `yaml:"structures"` // none: the whole member
	To         string          `yaml:"to"`
	Lang       string          `yaml:"lang"`   // "": lang of cp3.yaml
	Attach     bool            `yaml:"attach"` // the answer itself is attached: a copy of what they sent
}

// RemindersConfig says when focal points are reminded of a report.
type RemindersConfig struct {
	Days []int `yaml:"days"` // from the deadline: -7 is a week before, 1 the day after
}

// AlarmsConfig says when something needs a human.
type AlarmsConfig struct {
	NoRun  time.Duration `yaml:"no_run"`  // no run ended well for that long
	DiskMB int64         `yaml:"disk_mb"` // less room than that is left
}

func (c *Config) validateMail() error {
	if c.Alarms.NoRun < 0 || c.Alarms.DiskMB < 0 {
		return errors.New("alarms: can't be below zero")
	}
	if c.Mail.Host != "" {
		if err := c.Mail.validate(); err != nil {
			return err
		}
	}
	for i, contact := range c.Contacts {
		if err := contact.validate(c.Members); err != nil {
			return fmt.Errorf("contacts[%d].%w", i, err)
		}
	}
	return nil
}

func (c MailConfig) validate() error {
	switch {
	case !slices.Contains([]mail.Security{mail.StartTLS, mail.TLS, mail.Plain}, c.Security):
		return fmt.Errorf("mail.security: %q: choose starttls, tls or none", c.Security)
	case c.Security == mail.Plain && c.User != "":
		return errors.New("mail.security: none: a password would go in clear: choose starttls or tls")
	case c.User != "" && c.PasswordFile == "":
		return errors.New("mail.password_file: missing: a file with the password, that nobody else can read")
	case c.Port < 0 || c.Port > 65535:
		return fmt.Errorf("mail.port: %d is no port", c.Port)
	}
	if err := address("mail.from", c.From); err != nil {
		return err
	}
	for _, to := range c.Alarms {
		if err := address("mail.alarms", to); err != nil {
			return err
		}
	}
	return nil
}

func (c Contact) validate(members []pipeline.Member) error {
	if !slices.Contains(members, c.Member) {
		return fmt.Errorf("member: %q is not one of members: choose among %s", c.Member, join(members))
	}
	if c.Lang != "" && !slices.Contains(wording.Languages, c.Lang) {
		return fmt.Errorf("lang: %q: choose one of %s", c.Lang, strings.Join(wording.Languages, ", "))
	}
	return address("to", c.To)
}

func address(key, text string) error {
	if _, err := netmail.ParseAddress(text); err != nil {
		return fmt.Errorf("%s: %q is not an address: write it like cp3@example.ma", key, text)
	}
	return nil
}

// server is the mail server, its files found from the workspace.
func (o Options) server() mail.Server {
	c := o.Config.Mail
	s := mail.Server{Host: c.Host, Port: c.Port, Security: c.Security, User: c.User, From: c.From, Timeout: 30 * time.Second}
	if c.PasswordFile != "" {
		s.PasswordFile = o.Workspace.below(c.PasswordFile)
	}
	if c.CAFile != "" {
		s.CAFile = o.Workspace.below(c.CAFile)
	}
	return s
}

// contacts are who is told about a structure's reports: those who look after it,
// and those who look after the whole member. A structure that isn't known, because
// a workbook couldn't be read, is the whole member's matter.
func (c Config) contacts(member pipeline.Member, structure string) []Contact {
	var told []Contact
	for _, contact := range c.Contacts {
		if contact.Member != member {
			continue
		}
		theirs := slices.ContainsFunc(contact.Structures, func(s string) bool { return fold.Key(s) == fold.Key(structure) })
		if len(contact.Structures) == 0 || structure != "" && theirs {
			told = append(told, contact)
		}
	}
	return told
}

// lang is the language a contact is written in.
func (c Config) lang(contact Contact) string {
	if contact.Lang != "" {
		return contact.Lang
	}
	return c.Lang
}
