package main

import (
	"fmt"

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
			return serve.Serve(cmd.Context(), serve.Options{Run: o, Schedules: all, Jobs: serve.Jobs(), Listen: listen, Entropy: a.Entropy})
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9273", `address of /healthz, /readyz and /metrics; "" for none`)
	return cmd
}
