package serve

import (
	"context"
	"fmt"

	"cp3/pipeline/run"
	"cp3/schedules"
)

// Jobs are what schedules can ask for, by their names.
func Jobs() map[schedules.Job]Job {
	return map[schedules.Job]Job{
		schedules.Run:    runJob,
		schedules.Verify: verifyJob,
		schedules.Backup: backupJob,
		schedules.Purge:  purgeJob,
		schedules.Remind: remindJob,
	}
}

func runJob(ctx context.Context, o run.Options, s *schedules.Schedule) error {
	o.Only = s.Members
	_, err := run.Run(ctx, o)
	return err
}

// verifyJob fails when something was removed or changed: it is told like any
// other failure.
func verifyJob(ctx context.Context, o run.Options, _ *schedules.Schedule) error {
	v, err := run.Verify(ctx, o)
	if err == nil && len(v.Problems) > 0 {
		err = fmt.Errorf("%d problems, first: %s", len(v.Problems), v.Problems[0])
	}
	return err
}

func backupJob(ctx context.Context, o run.Options, _ *schedules.Schedule) error {
	_, err := run.Backup(ctx, o)
	return err
}

func purgeJob(ctx context.Context, o run.Options, _ *schedules.Schedule) error {
	_, err := run.Purge(ctx, o)
	return err
}

func remindJob(ctx context.Context, o run.Options, _ *schedules.Schedule) error {
	_, err := run.Remind(ctx, o)
	return err
}
