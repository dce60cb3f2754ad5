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
	"log/slog"
	"net"
	"sync"
	"time"

	"cp3/pipeline/run"
	"cp3/schedules"
)

// Options of the service.
type Options struct {
	Run       run.Options // what jobs depend on
	Schedules []*schedules.Schedule
	Listen    string        // address of /healthz, /readyz, /metrics; "" for none
	Poll      time.Duration // how often depot/ is looked at; 20 s
	Jobs      map[schedules.Job]Job
}

// Job does what a schedule asks for; its error is a failure of the job, told and
// tried again as the schedule says.
type Job func(ctx context.Context, o run.Options, s *schedules.Schedule) error

// tick is how often the schedules are asked, whatever they said would be next.
const tick = 30 * time.Second

// service is a running service.
type service struct {
	Options
	log    *slog.Logger
	diary  *diary
	gauges *gauges
	work   chan task
	health health
}

// task is one job to do.
type task struct {
	schedule *schedules.Schedule
	face     *schedules.Occurrence // nil: the watch asked for it
}

// Serve works until ctx ends; then it lets go of the job under way, which the
// next start continues, and returns nil.
func Serve(ctx context.Context, o Options) error {
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
	d, err := openDiary(o.Run.Workspace.Private())
	if err != nil {
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
			if err := s.ask(ctx, sch, now); err != nil {
				return err
			}
		}
		if err := s.Run.Sleep(ctx, s.untilNext(now)); err != nil {
			return nil
		}
	}
}

// ask settles what one schedule missed and queues what it is due.
func (s *service) ask(ctx context.Context, sch *schedules.Schedule, now time.Time) error {
	due, missed := sch.Due(s.diary.memory(sch.Name, now), now)
	for _, o := range missed {
		s.log.Warn("missed", "schedule", sch.Name, "occurrence", o.Face)
		s.gauges.jobs.WithLabelValues(string(sch.Job), string(schedules.Missed)).Inc()
		if err := s.diary.settle(sch.Name, o, schedules.Missed, now, "nobody was there to run it, or a later one was run instead"); err != nil {
			return err
		}
	}
	if due == nil || s.diary.queued(sch.Name, due.Face) {
		return nil
	}
	s.diary.queue(sch.Name, due.Face)
	select {
	case s.work <- task{sch, due}:
	case <-ctx.Done():
	}
	return nil
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

// do runs a task with its schedule's retries and writes down what became of it.
func (s *service) do(ctx context.Context, t task) error {
	job, ok := s.Jobs[t.schedule.Job]
	if !ok {
		return fmt.Errorf("no job is called %q", t.schedule.Job)
	}
	outcome, why := s.try(ctx, job, t)
	if ctx.Err() != nil {
		return nil // not settled: the next start finds it due
	}
	now := s.Run.Now()
	s.gauges.jobs.WithLabelValues(string(t.schedule.Job), string(outcome)).Inc()
	if outcome == schedules.Done {
		s.gauges.lastSuccess.WithLabelValues(string(t.schedule.Job)).Set(float64(now.Unix()))
	}
	s.health.finished(outcome, why)
	if t.face == nil {
		return nil
	}
	return s.diary.settle(t.schedule.Name, *t.face, outcome, now, why)
}

func (s *service) try(ctx context.Context, job Job, t task) (schedules.Settled, string) {
	log := s.log.With("schedule", t.schedule.Name, "job", string(t.schedule.Job))
	if t.face != nil {
		log = log.With("occurrence", t.face.Face, "caught_up", t.face.CaughtUp)
	}
	for n := 1; ; n++ {
		began := s.Run.Now()
		log.Info("begin", "attempt", n)
		err := job(ctx, s.Run, t.schedule)
		s.gauges.duration.WithLabelValues(string(t.schedule.Job)).Observe(s.Run.Now().Sub(began).Seconds())
		if err == nil {
			log.Info("done", "attempt", n)
			return schedules.Done, ""
		}
		var locked *run.Locked
		if errors.As(err, &locked) && t.schedule.Overlap == schedules.Skip {
			log.Warn("skipped", "why", err.Error())
			return schedules.Skipped, err.Error()
		}
		wait, again := t.schedule.Retries.Delay(n)
		if errors.As(err, &locked) {
			wait, again, n = time.Minute, true, n-1 // waiting is no attempt
		}
		log.Error("failed", "attempt", n, "error", err.Error(), "again", again)
		if !again {
			return schedules.Failed, err.Error()
		}
		if s.Run.Sleep(ctx, wait) != nil {
			return schedules.Failed, "stopped"
		}
	}
}
