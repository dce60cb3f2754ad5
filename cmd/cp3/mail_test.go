package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cp3/connectors/example"
	"cp3/pipeline/mail/mailtest"
)

const mailConfig = `
expectations:
  - {member: EN, structures: [CFA Akkari], every: quarter, from: 2020-T4, to: 2021-T1, days: 15}
mail:
  host: %s
  port: %d
  user: cp3
  password_file: prive/smtp
  ca_file: %s
  from: CP3 <cp3@example.ma>
  alarms: [admin@example.ma]
contacts:
  - {member: OFPPT, to: ofppt@example.ma, lang: ar, attach: true}
  - {member: ANAPEC, structures: [Oujda], to: oujda@example.ma}
  - {member: ANAPEC, structures: [Tanger], to: tanger@example.ma, attach: true}
  - {member: EN, to: en@example.ma}
`

// mailWorld is a world whose mail goes to a server of the test's own.
func mailWorld(t *testing.T, s *mailtest.Server) world {
	t.Helper()
	w := newWorld(t, filepath.Join(t.TempDir(), "w"), few, fewMore)
	text := fmt.Sprintf(mailConfig, s.Host, s.Port, s.CAFile)
	if err := os.WriteFile(filepath.Join(w.dir, "cp3.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "prive", "smtp"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// Each event is told once, to whom it concerns, in their language, and nothing
// personal is in the text.
func TestMail(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	s := mailtest.New(t, func(s *mailtest.Server) { s.User, s.Password = "cp3", "secret" })
	w := mailWorld(t, s)
	w.cp3(t, 0, "run", "-w", w.dir)

	to := map[string]mailtest.Message{}
	for _, m := range s.Messages() {
		if _, twice := to[m.To]; twice {
			t.Errorf("%s was written twice", m.To)
		}
		to[m.To] = m
		if !m.Secure || m.User != "cp3" {
			t.Errorf("to %s: over TLS %v, as %q", m.To, m.Secure, m.User)
		}
	}
	if len(to) != 3 {
		t.Fatalf("%d were written, want OFPPT, Oujda and the administrator: %v", len(to), subjects(s))
	}
	ofppt, oujda, admin := to["ofppt@example.ma"], to["oujda@example.ma"], to["admin@example.ma"]
	if !strings.Contains(ofppt.Subject, "الجواب على Stagiaires migrants 2020.xlsx") || !strings.Contains(ofppt.Text, "السلام عليكم") {
		t.Errorf("to OFPPT: %s\n%s", ofppt.Subject, ofppt.Text)
	}
	answer, err := os.ReadFile(filepath.Join(w.dir, "retours", "OFPPT", "Stagiaires migrants 2020.RESERVES.xlsx"))
	if err != nil || !bytes.Equal(ofppt.Files["Stagiaires migrants 2020.RESERVES.xlsx"], answer) || len(ofppt.Files) != 1 {
		t.Errorf("to OFPPT: %d attachments, %v", len(ofppt.Files), err)
	}
	if !strings.Contains(oujda.Text, "Lignes retenues : ") || len(oujda.Files) > 0 {
		t.Errorf("to Oujda, %d attachments: %s", len(oujda.Files), oujda.Text)
	}
	if !strings.Contains(admin.Text, "EN : rapport 2020-T4 manquant depuis le 2021-01-15") || !strings.Contains(admin.Text, "Aucune sauvegarde") || len(admin.Files) > 0 {
		t.Errorf("to the administrator: %s", admin.Text)
	}
	people := w.personal(t, "2021")
	for _, m := range s.Messages() {
		for _, p := range people {
			if strings.Contains(m.Text, p) || strings.Contains(m.Subject, p) {
				t.Errorf("something personal is told to %s", m.To)
			}
		}
	}

	s.Forget()
	w.cp3(t, 0, "run", "-w", w.dir)
	w.cp3(t, 0, "rebuild", "-w", w.dir)
	w.cp3(t, 0, "run", "-w", w.dir)
	if n := len(s.Messages()); n > 0 {
		t.Errorf("told again: %v", subjects(s))
	}
	w.nobodyIn(t, "prive/courrier")
}

// Reminders: before a deadline and after it, each once, all reports in one letter.
func TestReminders(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	s := mailtest.New(t, func(s *mailtest.Server) { s.User, s.Password = "cp3", "secret" })
	w := mailWorld(t, s)
	w.at = time.Date(2021, 1, 5, 9, 0, 0, 0, time.UTC) // mail is set up ten days before the first deadline
	w.cp3(t, 0, "run", "-w", w.dir)
	s.Forget()
	var told []string
	for day := w.at; day.Year() == 2021 && day.Month() < 6; day = day.AddDate(0, 0, 1) {
		w.at = day
		w.cp3(t, 0, "remind", "-w", w.dir)
		w.cp3(t, 0, "remind", "-w", w.dir)
		for _, m := range s.Messages() {
			told = append(told, day.Format(time.DateOnly)+" "+m.To)
			if strings.Contains(m.Text, "CFA Akkari, 2020-T4 : attendu le 15/01/2021") != (day.Day() == 8 && day.Month() == 1) {
				t.Errorf("%s:\n%s", day.Format(time.DateOnly), m.Text)
			}
		}
		s.Forget()
	}
	want := "2021-01-08 en@example.ma 2021-01-16 en@example.ma 2021-01-30 en@example.ma 2021-04-08 en@example.ma 2021-04-16 en@example.ma 2021-04-30 en@example.ma"
	if got := strings.Join(told, " "); got != want {
		t.Errorf("reminded\n%s, want\n%s", got, want)
	}
}

// A server that refuses, or hangs up: tried again as long as nothing was sent,
// never when nobody knows.
func TestMailThatDoesNotGo(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	busy, hangUp := true, ""
	s := mailtest.New(t, func(s *mailtest.Server) {
		s.User, s.Password = "cp3", "secret"
		s.OnRcpt = func(to string) string {
			switch {
			case to == "oujda@example.ma":
				return "550 nobody of that name"
			case busy:
				return "451 come back later"
			}
			return ""
		}
		s.OnData = func(to string) string {
			if to == hangUp {
				return "-"
			}
			return ""
		}
	})
	w := mailWorld(t, s)
	w.cp3(t, 0, "run", "-w", w.dir)
	if n := len(s.Messages()); n != 0 {
		t.Fatalf("%d messages through a server that refuses all", n)
	}
	if said := w.cp3(t, 0, "status", "-w", w.dir); !strings.Contains(said, "Courriels non partis ou incertains") {
		t.Errorf("nobody is told:\n%s", said)
	}
	busy, hangUp = false, "ofppt@example.ma"
	for range 3 {
		w.cp3(t, 0, "run", "-w", w.dir)
	}
	count := map[string]int{}
	for _, m := range s.Messages() {
		count[m.To]++
	}
	if count["ofppt@example.ma"] != 1 || count["admin@example.ma"] != 1 || count["oujda@example.ma"] != 0 {
		t.Errorf("%v", count)
	}
	if said := w.cp3(t, 0, "status", "-w", w.dir); !strings.Contains(said, "Courriels non partis ou incertains : 2") {
		t.Errorf("%s", said)
	}
	s.OnData, hangUp = nil, ""
	set, err := example.Make(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Forget()
	w.drop(t, set, func(f example.File) bool { return f.Path == "ANAPEC/Tanger 2020.xlsx" })
	w.cp3(t, 0, "run", "-w", w.dir)
	if got := s.Messages(); len(got) != 1 || got[0].To != "tanger@example.ma" || len(got[0].Files) != 1 {
		t.Errorf("%v", subjects(s))
	}
}

func subjects(s *mailtest.Server) (all []string) {
	for _, m := range s.Messages() {
		all = append(all, m.To+": "+m.Subject)
	}
	return all
}
