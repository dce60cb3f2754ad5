package mail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cp3/pipeline/mail/mailtest"
)

func serverOf(t *testing.T, s *mailtest.Server) Server {
	t.Helper()
	out := Server{Host: s.Host, Port: s.Port, Security: StartTLS, CAFile: s.CAFile, From: "CP3 <cp3@example.ma>", Timeout: 10 * time.Second}
	if s.Implicit {
		out.Security = TLS
	}
	if s.User != "" {
		out.User, out.PasswordFile = s.User, filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(out.PasswordFile, []byte(s.Password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

var message = Message{ID: "event-1", To: "point.focal@example.ma", Subject: "Réponse à « liste T4.xlsx »", Text: "Bonjour,\n\n.une ligne qui commence par un point\nمرحبا\n",
	Date: time.Date(2021, 1, 15, 9, 0, 0, 0, time.UTC), Files: []File{{Name: "liste T4.RESERVES.xlsx", Content: []byte("PK\x03\x04 content")}}}

func TestSend(t *testing.T) {
	for name, set := range map[string]func(*mailtest.Server){
		"STARTTLS, with a password": func(s *mailtest.Server) { s.User, s.Password = "cp3", "très secret" },
		"TLS, with a password":      func(s *mailtest.Server) { s.User, s.Password, s.Implicit = "cp3", "secret", true },
		"STARTTLS, without":         nil,
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.New(t, set)
			if err := serverOf(t, s).Send(t.Context(), message); err != nil {
				t.Fatal(err)
			}
			all := s.Messages()
			if len(all) != 1 {
				t.Fatalf("%d messages", len(all))
			}
			m := all[0]
			text := strings.ReplaceAll(m.Text, "\r\n", "\n")
			if !m.Secure || m.User != s.User || m.To != message.To || m.Subject != message.Subject || m.ID != "<event-1@example.ma>" || strings.TrimSpace(text) != strings.TrimSpace(message.Text) {
				t.Errorf("%+v", m)
			}
			if string(m.Files["liste T4.RESERVES.xlsx"]) != "PK\x03\x04 content" {
				t.Errorf("attachments: %q", m.Files)
			}
			if strings.Contains(m.Raw, "go-mail") {
				t.Error("it tells what it was made with")
			}
		})
	}
}

// Each way of not being sent is told for what it is.
func TestNotSent(t *testing.T) {
	for name, c := range map[string]struct {
		set    func(*mailtest.Server)
		change func(*Server)
		want   Failure
	}{
		"nobody of that name":     {set: func(s *mailtest.Server) { s.OnRcpt = func(string) string { return "550 no such user" } }, want: Failure{Code: 550, Final: true}},
		"come back later":         {set: func(s *mailtest.Server) { s.OnRcpt = func(string) string { return "451 greylisted" } }, want: Failure{Code: 451}},
		"too big":                 {set: func(s *mailtest.Server) { s.OnData = func(string) string { return "552 too big" } }, want: Failure{Code: 552, Final: true}},
		"hangs up after the text": {set: func(s *mailtest.Server) { s.OnData = func(string) string { return "-" } }, want: Failure{Unknown: true}},
		"nobody there":            {change: func(s *Server) { s.Port = 1 }},
		"an unknown certificate":  {change: func(s *Server) { s.CAFile = "" }},
		"a wrong password": {set: func(s *mailtest.Server) { s.User, s.Password = "cp3", "right" },
			change: func(s *Server) { s.PasswordFile = filepath.Join(filepath.Dir(s.PasswordFile), "other") }},
		"a password others can read": {set: func(s *mailtest.Server) { s.User, s.Password = "cp3", "right" },
			change: func(s *Server) { _ = os.Chmod(s.PasswordFile, 0o644) }},
		"an address that is none": {change: func(s *Server) { s.From = "CP3" }, want: Failure{Final: true}},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.New(t, c.set)
			out := serverOf(t, s)
			if c.change != nil {
				c.change(&out)
			}
			err := out.Send(t.Context(), message)
			var f *Failure
			if !errors.As(err, &f) {
				t.Fatalf("%v", err)
			}
			if f.Code != c.want.Code || f.Final != c.want.Final || f.Unknown != c.want.Unknown {
				t.Errorf("%+v, want %+v", *f, c.want)
			}
			if strings.Contains(err.Error(), message.To) || strings.Contains(f.Why, message.To) {
				t.Errorf("it tells the address: %s / %s", err, f.Why)
			}
			if n := len(s.Messages()); n > 0 && !f.Unknown {
				t.Errorf("%d messages were taken", n)
			}
		})
	}
}
