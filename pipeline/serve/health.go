package serve

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"cp3/pipeline/run"
	"cp3/schedules"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// health is what /healthz and /readyz tell.
type health struct {
	mu     sync.Mutex
	tick   time.Time
	failed map[string]string // by schedule: why its last job failed
}

func (h *health) ticked(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tick = now
}

func (h *health) finished(schedule string, outcome schedules.Settled, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch outcome {
	case schedules.Failed:
		if h.failed == nil {
			h.failed = map[string]string{}
		}
		h.failed[schedule] = why
	case schedules.Done:
		delete(h.failed, schedule)
	}
}

// alive is nil while the clock goes on asking.
func (h *health) alive(now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := now.Sub(h.tick); age > 4*tick {
		return fmt.Errorf("the schedules were last asked %s ago", age.Round(time.Second))
	}
	return nil
}

// ready is nil unless the last job of a schedule failed.
func (h *health) ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(h.failed)) {
		return fmt.Errorf("%s failed: %s", name, h.failed[name])
	}
	return nil
}

// gauges are the service's figures, under the prefix cp3_.
type gauges struct {
	registry    *prometheus.Registry
	jobs        *prometheus.CounterVec
	lastSuccess *prometheus.GaugeVec
	duration    *prometheus.HistogramVec
	depot       prometheus.Gauge
	overdue     *prometheus.GaugeVec
	left        prometheus.Gauge
}

func newGauges() *gauges {
	g := &gauges{
		registry: prometheus.NewRegistry(),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "cp3_jobs_total",
			Help: "Jobs by outcome: done, failed, missed, skipped."}, []string{"job", "outcome"}),
		lastSuccess: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "cp3_job_last_success_timestamp_seconds",
			Help: "When each job last succeeded, in seconds since 1970."}, []string{"job"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "cp3_job_duration_seconds",
			Help: "How long jobs took.", Buckets: prometheus.ExponentialBuckets(0.1, 3, 10)}, []string{"job"}),
		depot: prometheus.NewGauge(prometheus.GaugeOpts{Name: "cp3_depot_reachable",
			Help: "1 while the drop folder can be listed."}),
		overdue: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "cp3_schedule_overdue",
			Help: "1 while an occurrence of the schedule should have run and has not."}, []string{"schedule"}),
		left: prometheus.NewGauge(prometheus.GaugeOpts{Name: "cp3_depot_files_left",
			Help: "Files of the drop folder that the last run could not take."}),
	}
	g.registry.MustRegister(g.jobs, g.lastSuccess, g.duration, g.depot, g.overdue, g.left, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return g
}

// refresh fills in what is known of before this service began, and of what others
// ran: a figure that is absent after every start would silence who watches it.
func (s *service) refresh() {
	lasts, err := s.Run.Workspace.Lasts()
	if err != nil {
		s.log.Warn("metrics: how the last runs ended is not known", "error", err.Error())
	}
	for verb, l := range lasts {
		if !l.Success.IsZero() {
			s.gauges.lastSuccess.WithLabelValues(verb).Set(float64(l.Success.Unix()))
		}
	}
	s.gauges.left.Set(float64(len(lasts["run"].Left)))
	for _, l := range s.diary.outlooks(s.Schedules, s.Run.Now(), 0) {
		late := 0.0
		if l.Overdue != "" {
			late = 1
		}
		s.gauges.overdue.WithLabelValues(l.Name).Set(late)
	}
}

// http serves the three pages until ctx ends.
func (s *service) http(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s.pages(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // pages of a moment: nothing to wait for
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *service) pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", page(func() error { return s.health.alive(s.Run.Now()) }))
	mux.HandleFunc("GET /readyz", page(func() error {
		if _, err := run.OpenWorkspace(s.Run.Workspace.Root); err != nil {
			return err
		}
		if _, err := os.ReadDir(s.Run.Workspace.Depot()); err != nil {
			return err
		}
		return s.health.ready()
	}))
	figures := promhttp.HandlerFor(s.gauges.registry, promhttp.HandlerOpts{})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		s.refresh()
		figures.ServeHTTP(w, r)
	})
	return mux
}

func page(check func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if err := check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	}
}
