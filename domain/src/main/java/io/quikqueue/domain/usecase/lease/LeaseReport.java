package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.port.SpawnRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker says of one of its leases. */
public sealed interface LeaseReport {

  LeaseId lease();

  /** It still runs: the lease is renewed. */
  record Heartbeat(LeaseId lease) implements LeaseReport {}

  /** How far it is, as for {@link io.quikqueue.domain.port.JobRun#progress}. */
  record Progress(LeaseId lease, int percent, @Nullable String message) implements LeaseReport {}

  /** Lines for the log, as for {@link io.quikqueue.domain.port.JobRun#log}. */
  record Log(LeaseId lease, List<String> lines) implements LeaseReport {

    public Log {
      lines = List.copyOf(lines);
    }
  }

  /**
   * What it has come to is to be kept, as by {@link io.quikqueue.domain.port.DurableSteps#keep}.
   *
   * @param value JSON text
   */
  record Step(LeaseId lease, String name, String value) implements LeaseReport {}

  /**
   * It sleeps, unless the sleep of that name is over.
   *
   * @param until null = for the time that is given
   */
  record Sleep(LeaseId lease, String name, @Nullable Instant until, @Nullable Duration time)
      implements LeaseReport {}

  /** It waits for a signal, unless that has come or the time is over. */
  record Wait(LeaseId lease, String name, String signal, Duration timeout) implements LeaseReport {}

  /**
   * It is done.
   *
   * @param result JSON text; null = none
   * @param note a short human summary; null = none
   * @param spawn nodes that it adds to the workflow of its job, as for {@link
   *     io.quikqueue.domain.port.JobRun#spawn}
   */
  record Complete(
      LeaseId lease, @Nullable String result, @Nullable String note, List<SpawnRequest> spawn)
      implements LeaseReport {

    public Complete {
      spawn = List.copyOf(spawn);
    }

    /** Without adding nodes. */
    public Complete(LeaseId lease, @Nullable String result, @Nullable String note) {
      this(lease, result, note, List.of());
    }
  }

  /** It failed; the job's policy decides what follows. */
  record Fail(LeaseId lease, Failure failure) implements LeaseReport {}

  /** It goes back, for any worker to run; no attempt is used up. */
  record Release(LeaseId lease) implements LeaseReport {}
}
