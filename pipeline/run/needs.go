package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Need is one thing that a human has to see to.
type Need struct {
	// Key names the event: the same as long as it is the same trouble, so that it is
	// told once.
	Key  string            `json:"key"`
	Code string            `json:"code"` // in the catalogues: need.late
	Args map[string]string `json:"args"`
}

// Need codes.
const (
	needFailed   = "need.failed"    // a verb last ended in an error
	needRefused  = "need.refused"   // a file was refused and nothing came in its place
	needLate     = "need.late"      // a report is missing after its deadline
	needDisk     = "need.disk"      // a disk is nearly full
	needNoRun    = "need.no_run"    // no run ended well for long
	needBackup   = "need.backup"    // the last backup is old
	needNoBackup = "need.no_backup" // there are no backups
	needMail     = "need.mail"      // messages could not be sent
	needNoDepot  = "need.no_depot"  // the drop folder can't be listed
	needLeft     = "need.left."     // files that no run could take: and why
	needClock    = "need.clock"     // something happened later than now
	needBroken   = "need.broken"    // what should tell whether something needs a human can't be read
	needReview   = "need.review"    // person pairs wait for a decision
	needDiscord  = "need.discord"   // decisions on persons contradict each other
	needPublic   = "need.public"    // the public could not be told anew
)

// refusedFor is how long a refused file that nobody replaced is told of.
const refusedFor = 60 * 24 * time.Hour

// backupAge is how old the last backup may be: a weekly one, and a day late.
const backupAge = 8 * 24 * time.Hour

// Needs lists what a human has to see to, the most pressing first. It changes
// nothing; while a run holds the warehouse, what is in it is left out. A part that
// can't be told, because the ledger or a file is broken, is a need itself: the worst
// trouble must not be what silences the alarm.
func Needs(ctx context.Context, o Options) []Need {
	var broken, needs []Need
	for _, part := range []func(context.Context, Options) ([]Need, error){
		failedNeeds, noRunNeeds, placeNeeds, backupNeeds, mailNeeds, leftNeeds, publicNeeds, submissionNeeds,
	} {
		more, err := part(ctx, o)
		needs = append(needs, more...)
		if err != nil && ctx.Err() == nil {
			why := Scrub(err.Error())
			broken = append(broken, Need{"broken/" + why, needBroken, map[string]string{"why": why}})
		}
	}
	return append(broken, needs...)
}

// failedNeeds are the verbs that last ended in an error. One event lasts until
// the verb succeeds again.
func failedNeeds(_ context.Context, o Options) ([]Need, error) {
	lasts, err := o.Workspace.Lasts()
	if err != nil {
		return nil, err
	}
	var needs []Need
	for _, verb := range []string{"run", "verify", "rebuild", "purge", "backup", "remind"} {
		if l := lasts[verb]; l.Failed() {
			needs = append(needs, Need{"failed/" + verb + "/" + l.Success.Format(time.RFC3339), needFailed,
				map[string]string{"verb": verb, "at": l.Ended.In(o.Config.zone).Format(minuteForm), "why": l.Why, "trouble": l.Trouble}})
		}
	}
	return needs, nil
}

// minuteForm is how times are shown.
const minuteForm = "2006-01-02 15:04"

func noRunNeeds(_ context.Context, o Options) ([]Need, error) {
	lasts, err := o.Workspace.Lasts()
	if err != nil {
		return nil, err
	}
	since := lasts["run"].Success
	if since.IsZero() { // the night that never comes may be the first
		since = o.Workspace.born()
	} else if o.Now().Before(since.Add(-clockSlack)) {
		// Whatever is counted from then on would be silent until the clock is there again.
		return []Need{{"clock/" + since.Format(time.RFC3339), needClock, map[string]string{"then": since.In(o.Config.zone).Format(minuteForm)}}}, nil
	}
	if o.Config.Alarms.NoRun == 0 || since.IsZero() || o.Now().Sub(since) < o.Config.Alarms.NoRun {
		return nil, nil
	}
	return []Need{{"no_run/" + since.Format(time.RFC3339), needNoRun, map[string]string{"since": since.In(o.Config.zone).Format(minuteForm)}}}, nil
}

// clockSlack is how far a clock may go back without anybody being told.
const clockSlack = 2 * time.Hour

// leftNeeds are the files of depot/ that no run could take: nobody has answered them,
// and nobody will. One that is still being copied is given time.
func leftNeeds(_ context.Context, o Options) ([]Need, error) {
	lasts, err := o.Workspace.Lasts()
	if err != nil {
		return nil, err
	}
	paths := map[string][]string{}
	for _, l := range lasts["run"].Left {
		if l.Reason == "purged" || l.Reason == "unsettled" && o.Now().Sub(l.Since) < 2*time.Hour {
			continue
		}
		paths[l.Reason] = append(paths[l.Reason], l.Path)
	}
	var needs []Need
	for _, reason := range slices.Sorted(maps.Keys(paths)) {
		all := paths[reason]
		needs = append(needs, Need{"left/" + event("", append([]string{reason}, all...)...), needLeft + reason,
			map[string]string{"count": strconv.Itoa(len(all)), "path": all[0]}})
	}
	return needs, nil
}

// placeNeeds look at the disks and at the drop folder.
func placeNeeds(_ context.Context, o Options) ([]Need, error) {
	var needs []Need
	w := o.Workspace
	if _, err := os.ReadDir(w.Depot()); err != nil {
		needs = append(needs, Need{"no_depot/" + o.today(), needNoDepot, map[string]string{"dir": w.Depot()}})
	}
	low := map[uint64]bool{} // one line for folders on one disk
	for _, dir := range []string{w.Private(), w.Publication(), w.Answers()} {
		left, disk, err := room(dir)
		if err != nil || low[disk] || left >= o.Config.Alarms.DiskMB<<20 {
			continue // a folder that isn't there is told elsewhere
		}
		low[disk] = true
		needs = append(needs, Need{"disk/" + dir + "/" + o.today(), needDisk, map[string]string{"dir": dir, "left": strconv.FormatInt(left>>20, 10)}})
	}
	return needs, nil
}

func (o Options) today() string { return o.Config.Day(o.Now()).String() }

func backupNeeds(_ context.Context, o Options) ([]Need, error) {
	if _, err := os.Stat(o.Workspace.LedgerFile()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing to lose yet
	}
	if len(o.Config.Backup.Recipients) == 0 {
		return []Need{{"no_backup", needNoBackup, nil}}, nil
	}
	last := o.lastBackup()
	if age := o.Now().Sub(last); age < backupAge && age > -clockSlack {
		return nil, nil
	}
	since := "-"
	if !last.IsZero() {
		since = last.In(o.Config.zone).Format(minuteForm)
	}
	return []Need{{"backup/" + since, needBackup, map[string]string{"since": since}}}, nil
}

func mailNeeds(_ context.Context, o Options) ([]Need, error) {
	if o.Config.Mail.Host == "" {
		return nil, nil
	}
	b := &outbox{dir: o.Workspace.path("prive", "courrier"), marks: map[string]mark{}}
	if err := b.read(); err != nil {
		return nil, err
	}
	n, why := b.troubles(mailWaiting, mailRefused, mailUnknown, mailGoing)
	if n == 0 {
		return nil, nil
	}
	return []Need{{"mail/" + strconv.Itoa(n), needMail, map[string]string{"count": strconv.Itoa(n), "why": why}}}, nil
}

// submissionNeeds are the files that were refused and the reports that are missing.
func submissionNeeds(ctx context.Context, o Options) ([]Need, error) {
	if o.Workspace.holder() != nil {
		return nil, nil
	}
	r, err := look(o)
	if err != nil {
		return nil, err
	}
	late, err := r.lateNeeds(ctx)
	if err != nil {
		return nil, err
	}
	refused, err := r.refusedNeeds(ctx)
	var open []Need
	if err == nil {
		open, err = r.reviewNeeds(ctx)
	}
	var locked *Locked
	if errors.As(err, &locked) {
		err = nil // a run began meanwhile
	}
	return slices.Concat(late, refused, open), err
}

// reviewNeeds are the person pairs that a human should decide: told again when new
// ones are asked about, not when one is decided.
func (r *runner) reviewNeeds(ctx context.Context) ([]Need, error) {
	s, err := r.study(ctx)
	if err != nil || s.db == nil {
		return nil, err
	}
	defer s.close()
	all, err := s.readQuestions(ctx)
	if err != nil {
		return nil, err
	}
	var needs []Need
	count, since := 0, 0
	for _, p := range all {
		if s.answerTo(p) == nil {
			count, since = count+1, max(since, p.since)
		}
	}
	if count > 0 {
		needs = append(needs, Need{"review/" + strconv.Itoa(since), needReview, map[string]string{"count": strconv.Itoa(count)}})
	}
	var against []string
	for _, d := range s.decisions() {
		if d.Contradicted {
			against = append(against, strconv.Itoa(d.Number))
		}
	}
	if len(against) > 0 {
		needs = append(needs, Need{"discord/" + strings.Join(against, ","), needDiscord, map[string]string{"numbers": strings.Join(against, ", ")}})
	}
	return needs, nil
}

func (r *runner) refusedNeeds(ctx context.Context) ([]Need, error) {
	db, err := r.view(ctx)
	if db == nil || err != nil {
		return nil, err
	}
	defer db.Close()
	ids, err := column[string](ctx, db.Conn(), `select submission_id from submission s where own_status = 'rejetee' and received_at > ?
		and not exists (select 1 from submission later where later.path = s.path and later.seq > s.seq) order by seq`, civil(r.at.Add(-refusedFor), r.Config.zone))
	if err != nil {
		return nil, err
	}
	var needs []Need
	for _, id := range ids {
		got := r.receivedByID()[id]
		needs = append(needs, Need{"refused/" + id, needRefused, map[string]string{"member": string(got.Member), "file": path.Base(got.Path),
			"number": strconv.Itoa(got.Seq), "day": r.Config.Day(got.At).String()}})
	}
	return needs, nil
}

// lateNeeds are the missing reports, one line for the structures of a member that
// owe the same period.
func (r *runner) lateNeeds(ctx context.Context) ([]Need, error) {
	awaited, err := r.awaited(ctx)
	if err != nil {
		return nil, err
	}
	today := r.Config.Day(r.at)
	var needs []Need
	at := map[string]int{}
	for _, a := range awaited {
		if a.due.Compare(today) >= 0 {
			continue
		}
		key := fmt.Sprintf("late/%s/%s/%s", a.member, a.period, a.due)
		if i, ok := at[key]; ok {
			needs[i].Args["structures"] += ", " + a.structure
			continue
		}
		at[key] = len(needs)
		needs = append(needs, Need{key, needLate, map[string]string{"member": string(a.member), "structures": orAll(a.structure), "period": a.period, "due": a.due.String()}})
	}
	return needs, nil
}

func orAll(structure string) string {
	if structure == "" {
		return "-"
	}
	return structure
}
