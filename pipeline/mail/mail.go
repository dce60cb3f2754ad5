// Package mail sends messages through an SMTP server, and says of each one of
// three things: it was *sent*, it was *not sent*, or nobody knows. The third
// happens when the line breaks between the last byte and the server's answer; who
// must never send twice may then not try again.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security of the connection.
type Security string

// The securities of a connection.
const (
	StartTLS Security = "starttls" // begins in clear, must become TLS
	TLS      Security = "tls"      // is TLS from the beginning
	Plain    Security = "none"     // stays clear: only to a server on the same machine
)

// Server is an SMTP server and how to speak to it.
type Server struct {
	Host         string
	Port         int // 0: the usual one of the security
	Security     Security
	User         string // "" for a server that asks nobody who they are
	PasswordFile string // readable by its owner alone
	CAFile       string // certificates that are trusted besides the system's; "" for none
	From         string // "CP3 <cp3@example.ma>"
	Timeout      time.Duration
}

// Message is a message to one person.
type Message struct {
	ID      string // the same for the same event: mail programs know a double by it
	To      string
	Subject string
	Text    string
	Date    time.Time
	Files   []File
}

// File is an attachment.
type File struct {
	Name    string
	Content []byte
}

// Failure says that a message was not sent, or that nobody knows. Its text holds
// no address.
type Failure struct {
	Unknown bool // it may have been sent
	NoLine  bool // it didn't come to a conversation: another message now would meet the same
	Final   bool // trying again would fail again
	Code    int  // of the server's refusal; 0 when it didn't come to that
	Why     string
}

func (e *Failure) Error() string {
	switch {
	case e.Unknown:
		return "mail: the line broke before the server said whether it took the message"
	case e.Code > 0:
		return fmt.Sprintf("mail: the server refused the message (%d): %s", e.Code, e.Why)
	}
	return "mail: " + e.Why
}

// Send sends one message. Its error is a *Failure.
func (s Server) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return &Failure{Final: true, Why: err.Error()}
	}
	client, err := s.client()
	if err != nil {
		return &Failure{NoLine: true, Why: err.Error()}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return &Failure{NoLine: true, Why: "no connection: " + withoutAddresses(err, m.To)}
	}
	err = client.Send(msg)
	_ = client.Close() // the message is sent or it isn't: a bad good-bye changes nothing
	return failure(err, m.To)
}

// failure sorts what sending came to.
func failure(err error, to string) error {
	if err == nil {
		return nil
	}
	why := withoutAddresses(err, to)
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return &Failure{Why: why}
	}
	switch code := sent.ErrorCode(); {
	case sent.Reason == gomail.ErrSMTPReset:
		return nil // taken; only the line was to be made ready for another message
	case code >= 400:
		return &Failure{Code: code, Final: code >= 500, Why: why}
	case sent.Reason == gomail.ErrSMTPDataClose:
		return &Failure{Unknown: true, Why: why}
	}
	return &Failure{Why: why}
}

// withoutAddresses is an error's text without whom it was about.
func withoutAddresses(err error, to string) string {
	text, _, _ := strings.Cut(err.Error(), ", affected recipient")
	return strings.ReplaceAll(text, to, "…")
}

func (s Server) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(s.From), msg.To(m.To)); err != nil {
		return nil, errors.New("an address is not one: see mail and contacts in cp3.yaml")
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.ID + "@" + domain(s.From))
	msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // holiday replies are spared
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	for _, f := range m.Files {
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Content)); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// domain is what follows the @ of an address.
func domain(address string) string {
	_, after, _ := strings.Cut(address, "@")
	return strings.Trim(after, "> ")
}

func (s Server) client() (*gomail.Client, error) {
	config, err := s.tls()
	if err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithTimeout(s.Timeout), gomail.WithTLSConfig(config)}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSLPort(false))
	case Plain:
		options = append(options, gomail.WithTLSPortPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	}
	if s.Port > 0 {
		options = append(options, gomail.WithPort(s.Port))
	}
	if s.User != "" {
		password, err := s.password()
		if err != nil {
			return nil, err
		}
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(password))
	}
	return gomail.NewClient(s.Host, options...)
}

func (s Server) tls() (*tls.Config, error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, err
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", s.CAFile)
	}
	return config, nil
}

// password reads the password file, which only its owner may read.
func (s Server) password() (string, error) {
	info, err := os.Stat(s.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	if exposed(info.Mode()) {
		return "", fmt.Errorf("password: %s can be read by others: chmod 600 it", s.PasswordFile)
	}
	b, err := os.ReadFile(s.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
