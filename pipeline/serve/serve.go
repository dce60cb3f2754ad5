// Package serve is cp3 as a service: it runs what the schedules ask for, answers
// workbooks as they are dropped, and says how it is doing.
//
// One *worker* does one job at a time, in the order in which they fell due. The
// *clock* asks the schedules what is due, at least once a minute: sleeping until
// the next occurrence would trust that the clock is never set. The *watch* looks
// at depot/ for changes: file events where the file system has them, and a look
// at names, sizes and times every few seconds everywhere, since network shares
// deliver no events. What was due and what became of it is written down before
// and after each job; what should have run while nobody was there is written
// down too.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"cp3/pipeline/run"
	"cp3/schedules"
)

// Options of the service.
type Options struct {
	Run       run.Options // what jobs depend on
	Schedules []*schedules.Schedule
	Jobs      map[schedules.Job]Job
	Tell      Tell          // after each job; nil tells nobody
	Listen    string        // address of /healthz, /readyz, /metrics; "" for none
	Poll      time.Duration // how often depot/ is looked at; 20 s
	NoEvents  bool          // look at depot/ every so often only
	Entropy   io.Reader     // of run ids; nil: the system's
}

// Job does what a schedule asks for; its error is a failure of the job, told and
// tried again as the schedule says.
type Job func(ctx context.Context, o run.Options, s *schedules.Schedule) error

// Tell says by e-mail what happened and what needs a human, missing is what the
// schedules know of it.
type Tell func(ctx context.Context, o run.Options, missing []run.Need) error

// tick is how often the schedules are asked, whatever they said would be next.
const tick = 30 * time.Second

// lockedPause is how long to wait for another process to let go of the workspace.
const lockedPause = time.Minute

// service is a running service.
type service struct {
	Options
	log    *slog.Logger
	diary  *diary
	gauges *gauges
	work   chan task
	health health
	later  sync.WaitGroup // retries that wait
	asked  atomic.Bool    // the watch's task is in the queue
}

// task is one job to do.
type task struct {
	schedule *schedules.Schedule
	face     *schedules.Occurrence // nil: the watch asked for it
	attempt  int                   // 1 for the first
}

// Serve works until ctx ends; then it lets go of the job under way, which the
// next start continues, and returns nil.
func Serve(ctx context.Context, o Options) (err error) {
	release, err := o.Run.Workspace.LockService(o.Run.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	s, err := newService(o)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	start := func(part func(context.Context) error) {
		all.Go(func() {
			if err := part(ctx); err != nil && ctx.Err() == nil {
				stop(err) // one part that can't go on ends the service, loudly
			}
		})
	}
	if o.Listen != "" {
		l, err := net.Listen("tcp", o.Listen)
		if err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		s.log.Info("listening", "address", l.Addr().String())
		start(func(ctx context.Context) error { return s.http(ctx, l) })
	}
	start(s.worker)
	start(s.clock)
	start(s.watch)
	all.Wait()
	s.later.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("serve: %w", err)
	}
	s.log.Info("stopped")
	return nil
}

func newService(o Options) (*service, error) {
	if o.Poll <= 0 {
		o.Poll = 20 * time.Second
	}
	for _, s := range o.Schedules {
		if o.Jobs[s.Job] == nil {
			// Said before the first night, not during it.
			return nil, fmt.Errorf("schedules/%s: job: %q is not among those this cp3 does: remove the schedule", s.File, s.Job)
		}
	}
	d, err := openDiary(o.Run.Workspace)
	if err != nil {
		return nil, err
	}
	if err := d.meet(o.Schedules, o.Run.Now()); err != nil {
		return nil, err
	}
	return &service{Options: o, log: o.Run.Log, diary: d, gauges: newGauges(), work: make(chan task, 64)}, nil
}

// clock hands the worker what the schedules say is due.
func (s *service) clock(ctx context.Context) error {
	for {
		now := s.Run.Now()
		s.health.ticked(now)
		for _, sch := range s.Schedules {
			s.ask(ctx, sch, now)
		}
		if err := s.Run.Sleep(ctx, s.untilNext(now)); err != nil {
			return nil
		}
	}
}

// ask settles what one schedule missed and queues what it is due.
func (s *service) ask(ctx context.Context, sch *schedules.Schedule, now time.Time) {
	back, err := s.diary.rewind(sch, now)
	if back {
		s.log.Warn("the clock went back", "schedule", sch.Name)
	}
	s.write(err)
	due, missed := sch.Due(s.diary.memory(sch.Name), now)
	for _, o := range missed {
		s.log.Warn("missed", "schedule", sch.Name, "occurrence", o.Face)
		s.gauges.jobs.WithLabelValues(string(sch.Job), string(schedules.Missed)).Inc()
		s.write(s.diary.settle(sch.Name, o, schedules.Missed, now, "nobody was there to run it, or a later one was run instead"))
	}
	if due != nil && s.diary.claim(sch.Name, due.Face) {
		s.queue(ctx, task{sch, due, 1})
	}
}

// write tells that the diary could not be written: work goes on.
func (s *service) write(err error) {
	if err != nil {
		s.log.Error("not written down", "error", err.Error())
	}
}

// untilNext is how long to sleep: to the next occurrence, at most a tick.
func (s *service) untilNext(now time.Time) time.Duration {
	wait := tick
	for _, sch := range s.Schedules {
		if at := sch.Wake(now); !at.IsZero() {
			wait = min(wait, max(at.Sub(now), time.Second))
		}
	}
	return wait
}

// worker does one task at a time.
func (s *service) worker(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case t := <-s.work:
			if err := s.do(ctx, t); err != nil {
				return err
			}
		}
	}
}

// do runs a task and writes down what became of it, unless it is to be tried
// again: then the worker is free for other tasks meanwhile.
func (s *service) do(ctx context.Context, t task) error {
	job, ok := s.Jobs[t.schedule.Job]
	if !ok {
		return fmt.Errorf("no job is called %q", t.schedule.Job)
	}
	if t.face == nil {
		s.asked.Store(false) // what is dropped from now on asks again
	}
	err := s.try(ctx, job, t)
	if ctx.Err() != nil {
		return nil // not settled: the next start finds it due
	}
	outcome, why := schedules.Done, ""
	if err != nil {
		if s.again(ctx, t, err) {
			return nil
		}
		outcome, why = schedules.Failed, run.Scrub(err.Error())
		switch {
		case isLocked(err):
			outcome = schedules.Skipped
		case notConfigured(err):
			outcome = schedules.Unasked
		}
	}
	s.settle(t, outcome, why)
	s.tell(ctx)
	return nil
}

// tell says what happened to whom it concerns. That mail doesn't go fails no job.
func (s *service) tell(ctx context.Context) {
	if s.Tell == nil {
		return
	}
	err := s.Tell(ctx, s.Run, Needs(s.diary.outlooks(s.Schedules, s.Run.Now(), 0)))
	if err != nil && ctx.Err() == nil {
		s.log.Error("not told", "error", err.Error())
	}
}

// try does a task once.
func (s *service) try(ctx context.Context, job Job, t task) error {
	began := s.Run.Now()
	o := s.Run
	o.Command = string(t.schedule.Job)
	o.Log = s.log.With("run", run.NewRunID(began, s.Entropy), "schedule", t.schedule.Name, "job", string(t.schedule.Job))
	if t.face != nil {
		o.Log = o.Log.With("occurrence", t.face.Face, "caught_up", t.face.CaughtUp)
	}
	o.Log.Info("begin", "attempt", t.attempt)
	err := job(ctx, o, t.schedule)
	s.gauges.duration.WithLabelValues(string(t.schedule.Job)).Observe(s.Run.Now().Sub(began).Seconds())
	if err != nil {
		o.Log.Error("failed", "attempt", t.attempt, "error", err.Error())
		return err
	}
	o.Log.Info("done", "attempt", t.attempt)
	return nil
}

// again puts a task that failed back into the queue when its time has come; it is
// false when there is nothing more to try. Waiting for another process that holds
// the workspace is no attempt.
func (s *service) again(ctx context.Context, t task, err error) bool {
	wait, ok := t.schedule.Retries.Delay(t.attempt)
	next := t
	next.attempt++
	switch {
	case isLocked(err):
		wait, ok, next = lockedPause, t.schedule.Overlap == schedules.Wait, t
	case notConfigured(err):
		ok = false // trying again changes nothing
	}
	if !ok {
		return false
	}
	s.log.Info("again later", "schedule", t.schedule.Name, "in", wait.String())
	s.later.Go(func() {
		if s.Run.Sleep(ctx, wait) == nil {
			s.queue(ctx, next)
		}
	})
	return true
}

// queue hands the worker a task.
func (s *service) queue(ctx context.Context, t task) {
	select {
	case s.work <- t:
	case <-ctx.Done():
	}
}

// settle writes down what became of a task.
func (s *service) settle(t task, outcome schedules.Settled, why string) {
	now := s.Run.Now()
	s.gauges.jobs.WithLabelValues(string(t.schedule.Job), string(outcome)).Inc()
	if outcome == schedules.Done {
		s.gauges.lastSuccess.WithLabelValues(string(t.schedule.Job)).Set(float64(now.Unix()))
	}
	s.health.finished(t.schedule.Name, outcome, why)
	if t.face != nil {
		s.write(s.diary.settle(t.schedule.Name, *t.face, outcome, now, why))
	}
}

func isLocked(err error) bool {
	var locked *run.Locked
	return errors.As(err, &locked)
}

// notConfigured reports whether cp3.yaml doesn't ask for what a schedule asks for:
// that is skipped, not a failure.
func notConfigured(err error) bool {
	var unset *run.NotConfigured
	return errors.As(err, &unset)
}
