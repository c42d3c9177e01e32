package io.quikqueue.handlers;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.SpawnRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An attempt at a job; remembers what the handler tells of it. */
record OneRun(Job job, List<String> told) implements JobRun {

  static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  static final UUID ID = UUID.fromString("01920000-0000-7000-8000-000000000001");

  static OneRun of(String payload) {
    return of(payload, 1);
  }

  static OneRun of(String payload, int attempt) {
    JobSpec spec = JobSpec.builder("any", payload).traceparent(TRACEPARENT).build();
    Job job = Job.submit(new JobId(ID), spec, null, false, Instant.EPOCH).job();
    while (job.attempt() < attempt) {
      job = job.cancel(Instant.EPOCH).after();
      job = job.retry(Instant.EPOCH).after();
    }
    return new OneRun(job, new ArrayList<>());
  }

  @Override
  public Duration timeLeft() {
    return Duration.ofSeconds(60);
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public void progress(int percent, @Nullable String note) {
    told.add(percent + "% " + note);
  }

  @Override
  public void log(@Nullable String line) {
    told.add(line);
  }

  @Override
  public void spawn(List<SpawnRequest> nodes) {
    for (SpawnRequest node : nodes) {
      told.add(
          "adds %s %s %s in %s"
              .formatted(node.name(), node.job().type(), node.job().payload(), node.job().queue()));
    }
  }

  @Override
  public DurableSteps steps() {
    throw new UnsupportedOperationException("nothing is kept here");
  }
}
