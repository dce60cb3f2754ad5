package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"cp3/pipeline/run"
	"cp3/pipeline/serve"

	"github.com/spf13/cobra"
)

func (a *app) serve() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "The service: schedules, watch on depot/, health and metrics",
		Long: "Work until stopped: run what schedules/ asks for, answer workbooks as they are dropped, and serve /healthz, /readyz and\n" +
			"/metrics. Ctrl-C or SIGTERM lets go of the job under way; the next start continues it. Changes to cp3.yaml and schedules/\n" +
			"are taken up by the next start.",
		Args: func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "serve takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := onLoopback(listen); err != nil {
				return usageError{fmt.Errorf("serve: --listen %s: %w: give 127.0.0.1:PORT, [::1]:PORT or localhost:PORT", listen, err)}
			}
			o, err := a.open("serve")
			if err != nil {
				return err
			}
			all, err := loadSchedules(o)
			if err != nil {
				return err
			}
			o.Progress = run.Silent{}
			if a.Terminal {
				fmt.Fprintln(a.Stderr, a.say("serve.begin", "schedules", fmt.Sprint(len(all)), "address", listen))
			}
			return serve.Serve(cmd.Context(), serve.Options{Run: o, Schedules: all, Jobs: serve.Jobs(), Tell: tell, Listen: listen, Entropy: a.Entropy})
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9273", `loopback address of /healthz, /readyz and /metrics; "" for none`)
	return cmd
}

// onLoopback refuses an address that other machines can reach: health and metrics
// say what the ministry receives and when, to nobody but this machine's monitoring.
func onLoopback(address string) error {
	if address == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return errors.New("no address and port")
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return errors.New("other machines could ask")
	}
	return nil
}

// tell sends what is to be told by e-mail.
func tell(ctx context.Context, o run.Options, missing []run.Need) error {
	_, err := run.Tell(ctx, o, missing)
	return err
}

func (a *app) remind() *cobra.Command {
	return &cobra.Command{
		Use:   "remind",
		Short: "Remind focal points by e-mail of reports due or late (mail, contacts and reminders in cp3.yaml)",
		Args:  func(_ *cobra.Command, args []string) error { return wantArgs(0, 0, "remind takes no argument")(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open("remind")
			if err != nil {
				return err
			}
			t, err := run.Remind(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(t)
			}
			fmt.Fprintln(a.Stdout, a.say("remind.done", "count", fmt.Sprint(t.Reminders)))
			return nil
		},
	}
}
