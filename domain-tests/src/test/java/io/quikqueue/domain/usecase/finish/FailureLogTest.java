package io.quikqueue.domain.usecase.finish;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.CountingMeter;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLogTest {

  private final World world = new World(new SettableClock());
  private final CountingMeter meter = new CountingMeter();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> lines = new ArrayList<>();
  private final FailureLog log = new FailureLog(meter, nanos::get, (_, line) -> lines.add(line));

  private Job fail(Failure failure) {
    Job job = world.jobs.aQueuedJob();
    log.changed(List.of(job.fail(failure, 0, job.createdAt()).by("w")));
    return job;
  }

  @Test
  void tellsOfTheAttemptAndOfTheJobThatWasGivenUp() {
    Job job = fail(new Failure("a \"quoted\"\nline", true, "acme.Broken", "trace"));

    String rest =
        " job_id=%s attempt=1 type=echo queue=default error_class=acme.Broken error=\"%s\""
            .formatted(job.id(), "a \\\"quoted\\\"\\u000aline");
    assertThat(lines).containsExactly("event=attempt_failed" + rest, "event=job_failed" + rest);
    assertThat(meter.count("failed/default/echo")).isEqualTo(1);
  }

  @Test
  void aFloodIsBoundedAndWhatWasLeftOutIsCounted() {
    for (int i = 0; i < 1000; i++) {
      fail(new Failure("again", false));
    }
    assertThat(lines).hasSize(120);
    log.tellLeftOut();
    assertThat(lines).hasSize(120);

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    log.tellLeftOut();
    log.tellLeftOut();

    assertThat(lines).hasSize(121).last().isEqualTo("event=attempt_failed_left_out lines=880");
    fail(new Failure("again", false));
    assertThat(lines).hasSize(122);
  }
}
