package run

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cp3/pipeline"
	"cp3/pipeline/mail"
	"cp3/pipeline/wording"
)

// Remind writes focal points about reports that are due soon or late, as often as
// reminders in cp3.yaml says, each once.
func Remind(ctx context.Context, o Options) (t Told, err error) {
	if o.Config.Mail.Host == "" || len(o.Config.Contacts) == 0 {
		return t, &NotConfigured{"mail.host, contacts", "nobody can be reminded"}
	}
	began := o.Now()
	defer func() { err = o.remember("remind", began, err) }()
	return o.withOutbox(func(b *outbox) (t Told, err error) {
		r, err := look(o)
		if err != nil {
			return t, err
		}
		awaited, err := r.awaited(ctx)
		if err != nil {
			return t, err
		}
		t.Reminders, err = o.tellAwaited(ctx, b, awaited)
		return t, err
	})
}

// tellAwaited sends each contact one letter about all the reports they are to be
// reminded of today.
func (o Options) tellAwaited(ctx context.Context, b *outbox, awaited []awaitedReport) (sent int, err error) {
	type envelope struct {
		contact Contact
		reports []awaitedReport
		letter
	}
	var envelopes []*envelope
	byContact := map[string]*envelope{}
	for _, a := range awaited {
		step, ok := o.reminderStep(a.due, b)
		if !ok {
			continue
		}
		for _, c := range o.Config.contacts(a.member, a.structure) {
			e := event(c.To, "reminder", string(a.member), a.structure, a.period, strconv.Itoa(step))
			if b.told(e) {
				continue
			}
			key := string(c.Member) + " " + c.To
			env := byContact[key]
			if env == nil {
				env = &envelope{contact: c}
				byContact[key], envelopes = env, append(envelopes, env)
			}
			if !slices.Contains(env.events, e) {
				env.events, env.reports = append(env.events, e), append(env.reports, a)
			}
		}
	}
	for _, env := range envelopes {
		env.message = o.reminderLetter(env.contact, env.reports)
		ok, err := b.send(ctx, env.letter)
		if err != nil {
			return sent, err
		}
		if ok {
			sent++
		}
	}
	return sent, nil
}

// reminderStep is the last day of reminders that has come for a deadline; earlier
// ones that were missed are not made up for. Steps that lay before mail was set up
// remind nobody.
func (o Options) reminderStep(due pipeline.Date, b *outbox) (step int, ok bool) {
	today, since := o.Config.Day(o.Now()), o.Config.Day(b.since)
	for _, days := range o.Config.Reminders.Days {
		day := pipeline.DateOf(due.Time().AddDate(0, 0, days))
		if day.Compare(today) <= 0 && day.Compare(since) >= 0 && (!ok || days > step) {
			step, ok = days, true
		}
	}
	return step, ok
}

func (o Options) reminderLetter(c Contact, reports []awaitedReport) mail.Message {
	lang := o.Config.lang(c)
	today := o.Config.Day(o.Now())
	var lines []string
	for _, a := range reports {
		key := "mail.reminder_due"
		if a.due.Compare(today) < 0 {
			key = "mail.reminder_late"
		}
		lines = append(lines, "- "+wording.Text(lang, key, map[string]string{"structure": orAll(a.structure), "period": a.period, "due": a.due.French()}))
	}
	args := map[string]string{"member": string(c.Member), "count": strconv.Itoa(len(reports)), "reports": strings.Join(lines, "\n")}
	return mail.Message{To: c.To, Subject: wording.Text(lang, "mail.reminder_subject", args), Text: wording.Text(lang, "mail.reminder_text", args)}
}
