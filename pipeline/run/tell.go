package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/mail"
	"cp3/pipeline/wording"
)

// Told is what was sent.
type Told struct {
	Answers   int `json:"answers"`
	Reminders int `json:"reminders"`
	Alarms    int `json:"alarms"`
}

// Tell sends by e-mail what happened and was not told yet: to focal points, that
// their answer is there; to the administrator, what needs a human, extra included.
// Nothing is sent without mail in cp3.yaml. What can't be sent now is tried by the
// next one; an error is ours alone.
func Tell(ctx context.Context, o Options, extra []Need) (t Told, err error) {
	if o.Config.Mail.Host == "" {
		return t, nil
	}
	needs := Needs(ctx, o) // before the lock, which hides the warehouse
	return o.withOutbox(func(b *outbox) (t Told, err error) {
		// What one can't tell keeps nobody from hearing the other.
		var failed error
		t.Alarms, failed = o.tellNeeds(ctx, b, append(extra, needs...))
		t.Answers, err = o.tellAnswers(ctx, b)
		return t, errors.Join(failed, err)
	})
}

// withOutbox works with the outbox while nobody else does.
func (o Options) withOutbox(f func(*outbox) (Told, error)) (t Told, err error) {
	release, err := o.Workspace.Lock("mail", o.Now())
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, release()) }()
	b, err := o.openOutbox()
	if err != nil {
		return t, err
	}
	if t, err = f(b); err != nil {
		return t, fmt.Errorf("tell: %w", err)
	}
	o.Log.Info("told", "answers", t.Answers, "reminders", t.Reminders, "alarms", t.Alarms)
	return t, nil
}

// tellNeeds sends each recipient of alarms what they were not told yet, in one
// letter.
func (o Options) tellNeeds(ctx context.Context, b *outbox, needs []Need) (sent int, err error) {
	for _, to := range o.Config.Mail.Alarms {
		var l letter
		var lines []string
		for _, n := range needs {
			e := event(to, "need", n.Key)
			if b.told(e) || n.Code == needMail {
				continue // no mail about mail
			}
			l.events = append(l.events, e)
			lines = append(lines, "- "+n.Text(o.Config.Lang))
		}
		if len(lines) == 0 {
			continue
		}
		l.message = mail.Message{To: to,
			Subject: wording.Text(o.Config.Lang, "mail.alarm_subject", map[string]string{"count": strconv.Itoa(len(lines))}),
			Text: wording.Text(o.Config.Lang, "mail.alarm_text", map[string]string{"needs": strings.Join(lines, "\n"), "count": strconv.Itoa(len(needs)),
				"workspace": o.Workspace.Root})}
		ok, err := b.send(ctx, l)
		if err != nil {
			return sent, err
		}
		if ok {
			sent++
		}
	}
	return sent, nil
}

// Text is the need in a language, with what to do where that is known.
func (n Need) Text(lang string) string {
	text := wording.Text(lang, n.Code, n.Args)
	if trouble := n.Args["trouble"]; trouble != "" {
		text += " " + wording.Text(lang, trouble, nil)
	}
	return text
}

// answered is an answer that is out.
type answered struct {
	id, structure, period string
	status                pipeline.Status
	fingerprint, path     string
	read, kept            int
}

// tellAnswers tells focal points that the answer to a file of theirs is there.
func (o Options) tellAnswers(ctx context.Context, b *outbox) (sent int, err error) {
	if len(o.Config.Contacts) == 0 {
		return 0, nil
	}
	r, err := look(o)
	if err != nil {
		return 0, err
	}
	all, err := r.answersOutSince(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		got, ok := r.receivedByID()[a.id]
		if !ok || got.At.Before(b.since) || r.buried(a.id) {
			continue
		}
		for _, c := range o.Config.contacts(got.Member, a.structure) {
			e := event(c.To, "answer", a.id, a.fingerprint)
			if b.told(e) {
				continue
			}
			m, err := o.answerLetter(c, got, a)
			if err != nil {
				return sent, err
			}
			ok, err := b.send(ctx, letter{[]string{e}, m})
			if err != nil {
				return sent, err
			}
			if ok {
				sent++
			}
		}
	}
	return sent, nil
}

// answersOutSince are the answers that stand: the last of each file.
func (r *runner) answersOutSince(ctx context.Context) ([]answered, error) {
	db, err := r.view(ctx)
	if db == nil || err != nil {
		return nil, err
	}
	defer db.Close()
	found, err := db.Conn().QueryContext(ctx, `select submission_id, coalesce(structure, ''), coalesce(year, 0), coalesce(quarter, 0), a.status, a.fingerprint, a.path,
		rows_read, rows_kept from answer a join submission s using (submission_id)
		where not exists (select 1 from submission later where later.path = s.path and later.seq > s.seq) order by seq`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []answered
	for found.Next() {
		var a answered
		var p pipeline.Period
		if err := found.Scan(&a.id, &a.structure, &p.Year, &p.Quarter, &a.status, &a.fingerprint, &a.path, &a.read, &a.kept); err != nil {
			return nil, err
		}
		a.period = p.String()
		all = append(all, a)
	}
	return all, found.Err()
}

// answerLetter writes one focal point; the answer goes with it only where cp3.yaml
// says so, and only to the member that sent the data.
func (o Options) answerLetter(c Contact, got pipeline.Received, a answered) (mail.Message, error) {
	lang := o.Config.lang(c)
	args := map[string]string{"file": path.Base(got.Path), "number": strconv.Itoa(got.Seq), "status": wording.Text(lang, "status."+string(a.status), nil),
		"structure": orAll(a.structure), "period": a.period, "kept": strconv.Itoa(a.kept), "read": strconv.Itoa(a.read), "answer": path.Base(a.path),
		"folder": path.Dir(a.path), "day": o.Config.Day(got.At).String()}
	m := mail.Message{To: c.To, Subject: wording.Text(lang, "mail.answer_subject", args), Text: wording.Text(lang, "mail.answer_text", args)}
	if !c.Attach || c.Member != got.Member {
		return m, nil
	}
	b, err := os.ReadFile(filepath.Join(o.Workspace.Answers(), filepath.FromSlash(a.path)))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil // they took it away: they have it
	}
	if err != nil {
		return m, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != a.fingerprint {
		return m, nil // not the answer any more: whose it is, nobody knows
	}
	m.Files = []mail.File{{Name: path.Base(a.path), Content: b}}
	return m, nil
}
