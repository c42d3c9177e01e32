package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadOutbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DeadOutbox} guarantees, and {@link io.quikqueue.domain.port.JobStore} for it. */
public abstract class DeadOutboxContract extends StoreContract {

  private DeadOutbox outbox;

  @BeforeEach
  void setOutbox() {
    outbox = stores.deadOutbox();
  }

  @Test
  void nothingIsUnpublishedAtFirst() {
    for (JobState state : JobState.values()) {
      if (state != JobState.FAILED) {
        stored(jobs.aJob(), state);
      }
    }

    assertThat(outbox.unpublished(10)).isEmpty();
    outbox.forget(List.of());
  }

  @Test
  void allThatIsToldOfAFailedJobIsKept() {
    Job one = failed("no \"user\" 漢🎉", "app.Gone");
    Job two = failed("x".repeat(3_000), null);

    assertThat(outbox.unpublished(10))
        .containsExactly(
            new DeadJob(
                one.attemptId(), "echo", "mails", "app.Gone", "no \"user\" 漢🎉", one.updatedAt()),
            new DeadJob(
                two.attemptId(), "echo", "mails", null, "x".repeat(1_999) + "…", two.updatedAt()));
  }

  @Test
  void theOldestComeFirstUpToALimit() {
    List<Job> failed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      failed.add(failed("boom", null));
    }

    assertThat(outbox.unpublished(3))
        .extracting(DeadJob::attempt)
        .isEqualTo(failed.subList(0, 3).stream().map(Job::attemptId).toList());
  }

  @Test
  void whatIsPublishedIsForgotten() {
    Job first = failed("boom", null);
    Job second = failed("boom", null);
    outbox.forget(List.of(first.attemptId(), jobs.aQueuedJob().attemptId()));
    outbox.forget(List.of(first.attemptId()));

    assertThat(outbox.unpublished(10))
        .extracting(DeadJob::attempt)
        .containsExactly(second.attemptId());
  }

  @Test
  void whatBecomesOfTheJobAfterwardsDoesNotMatter() {
    Job retried = failed("boom", null);
    Job deleted = failed("boom", null);
    Job queued = saved(retried, Verb.RETRY);
    stores.jobs().deleteEnded(List.of(deleted.id()));
    Job again = saved(queued.fail(new Failure("again", true), 0, tick()));

    assertThat(outbox.unpublished(10))
        .extracting(DeadJob::attempt)
        .containsExactly(retried.attemptId(), again.attemptId(), deleted.attemptId());
  }

  private Job failed(String message, @Nullable String errorClass) {
    Job job = submitted(jobs.aJob().queue("mails").queued());
    return saved(job.fail(new Failure(message, true, errorClass, null), 0, tick()));
  }
}
