package io.quikqueue.http;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.JobRun;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The first attempt at a job of type http. */
record OneRun(Job job, Duration timeLeft) implements JobRun {

  static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  static OneRun of(String payload) {
    return of(payload, Duration.ofSeconds(60));
  }

  static OneRun of(String payload, Duration timeLeft) {
    JobSpec spec = JobSpec.builder("http", payload).traceparent(TRACEPARENT).build();
    JobId id = new JobId(UUID.fromString("01920000-0000-7000-8000-000000000001"));
    return new OneRun(Job.submit(id, spec, null, false, Instant.EPOCH).job(), timeLeft);
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public void progress(int percent, @Nullable String note) {}

  @Override
  public void log(@Nullable String line) {}

  @Override
  public DurableSteps steps() {
    throw new UnsupportedOperationException("nothing is kept here");
  }
}
