// Package mailtest is an SMTP server for tests: it speaks enough of RFC 5321 with
// STARTTLS or TLS and AUTH PLAIN for a real client, keeps what it is sent, and can
// be told to refuse or to hang up.
package mailtest

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a running SMTP server on the loopback.
type Server struct {
	Host   string
	Port   int
	CAFile string // the certificate to trust

	// How it behaves; to be set before anything is sent.
	User, Password string                 // "" asks nobody
	Implicit       bool                   // TLS from the beginning
	OnRcpt         func(to string) string // a reply instead of "250 ok"; "" for that
	OnData         func(to string) string // a reply after the message; "-" hangs up without one

	config *tls.Config
	mu     sync.Mutex
	kept   []Message
}

// Message is one message the server took.
type Message struct {
	To      string
	Secure  bool // it came over TLS
	User    string
	Subject string
	ID      string
	Text    string
	Files   map[string][]byte
	Raw     string
}

// New starts a server that ends with the test.
func New(t *testing.T, set func(*Server)) *Server {
	t.Helper()
	s := &Server{Host: "localhost"}
	s.certificate(t)
	if set != nil {
		set(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	if s.Implicit {
		l = tls.NewListener(l, s.config)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

// Messages are those taken so far, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.kept...)
}

// Forget empties the list.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = nil
}

// certificate makes one for localhost.
func (s *Server) certificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(s.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// session is one connection.
type session struct {
	*Server
	conn   net.Conn
	in     *textproto.Reader
	secure bool
	user   string
	to     string
}

func (s *Server) serve(c net.Conn) {
	defer c.Close()
	n := &session{Server: s, conn: c, in: textproto.NewReader(bufio.NewReader(c)), secure: s.Implicit}
	n.say("220 localhost ESMTP")
	for {
		line, err := n.in.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		if !n.command(strings.ToUpper(verb), rest) {
			return
		}
	}
}

func (n *session) say(line string) { fmt.Fprintf(n.conn, "%s\r\n", line) }

// command answers one command; false hangs up.
func (n *session) command(verb, rest string) bool {
	switch verb {
	case "EHLO":
		n.hello()
	case "HELO", "NOOP", "RSET":
		n.say("250 ok")
	case "STARTTLS":
		n.say("220 go ahead")
		c := tls.Server(n.conn, n.config)
		if c.Handshake() != nil {
			return false
		}
		n.conn, n.in, n.secure = c, textproto.NewReader(bufio.NewReader(c)), true
	case "AUTH":
		n.authenticate(rest)
	case "MAIL":
		if n.User != "" && n.user == "" {
			n.say("530 authenticate first")
			break
		}
		n.say("250 ok")
	case "RCPT":
		n.recipient(rest)
	case "DATA":
		return n.data()
	case "QUIT":
		n.say("221 bye")
		return false
	default:
		n.say("502 unknown")
	}
	return true
}

func (n *session) hello() {
	n.say("250-localhost")
	if !n.secure {
		n.say("250-STARTTLS")
	} else if n.User != "" {
		n.say("250-AUTH PLAIN")
	}
	n.say("250 8BITMIME")
}

func (n *session) authenticate(rest string) {
	_, coded, _ := strings.Cut(rest, " ")
	b, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(b), "\x00")
	if err != nil || len(parts) != 3 || parts[1] != n.User || parts[2] != n.Password {
		n.say("535 wrong")
		return
	}
	n.user = parts[1]
	n.say("235 welcome")
}

func (n *session) recipient(rest string) {
	_, address, _ := strings.Cut(rest, ":")
	n.to, _, _ = strings.Cut(strings.Trim(address, "<> "), ">")
	if n.OnRcpt != nil {
		if reply := n.OnRcpt(n.to); reply != "" {
			n.say(reply)
			return
		}
	}
	n.say("250 ok")
}

func (n *session) data() bool {
	n.say("354 go on")
	raw, err := io.ReadAll(n.in.DotReader())
	if err != nil {
		return false
	}
	reply := "250 taken"
	if n.OnData != nil {
		if r := n.OnData(n.to); r != "" {
			reply = r
		}
	}
	if reply == "-" || strings.HasPrefix(reply, "2") {
		n.keep(raw)
	}
	if reply == "-" {
		return false
	}
	n.say(reply)
	return true
}

func (n *session) keep(raw []byte) {
	m := Message{To: n.to, Secure: n.secure, User: n.user, Raw: string(raw), Files: map[string][]byte{}}
	if parsed, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		m.Subject, _ = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		m.ID = parsed.Header.Get("Message-Id")
		m.body(textproto.MIMEHeader(parsed.Header), parsed.Body)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept = append(n.kept, m)
}

// body reads the text and the attachments.
func (m *Message) body(h textproto.MIMEHeader, r io.Reader) {
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if strings.HasPrefix(kind, "multipart/") {
		for parts := multipart.NewReader(r, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err != nil {
				return
			}
			m.body(p.Header, p)
		}
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	b, _ := io.ReadAll(r)
	if _, params, err := mime.ParseMediaType(h.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		name, _ := new(mime.WordDecoder).DecodeHeader(params["filename"])
		m.Files[name] = b
		return
	}
	m.Text += string(b)
}
