package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptRecord;
import io.quikqueue.domain.port.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about the texts that a change brings. */
abstract class SavedTextsContract extends SubmitContract {

  @ParameterizedTest
  @MethodSource("payloads")
  void aResultIsKeptCharacterByCharacter(String json) {
    Job running = stored(jobs.aJob(), JobState.RUNNING);

    Job done = saved(running, running.succeed(json, null, tick()));

    assertThat(found(running.id())).isEqualTo(done);
  }

  static Stream<String> words() {
    return Stream.of(
        "",
        " ",
        "it's \"quoted\" \\ ; --",
        "line 1\r\nline 2\ttab \u0001 \u001b[31m \u0000 after the NUL",
        "漢字 🎉 \u202e",
        "漢".repeat(1999),
        "🎉".repeat(999));
  }

  @ParameterizedTest
  @MethodSource("words")
  void whatPeopleReadIsKeptCharacterByCharacter(String text) {
    Job first = stored(jobs.aJob(), JobState.RUNNING);
    Job second = stored(jobs.aJob(), JobState.RUNNING);

    Job failed = saved(first, first.fail(new Failure(text, true), 0.5, tick()));
    Job done = saved(second, second.succeed("1", text, tick()));

    assertThat(found(first.id())).isEqualTo(failed);
    assertThat(found(second.id())).isEqualTo(done);
    assertThat(stores.jobs().attempts(first.id()))
        .extracting(AttemptRecord::error)
        .containsExactly(text);
  }

  @Test
  void aBatchOfResultsMayBeLargerThanAServersLargestPacket() {
    List<Job> queued = jobs.queuedJobs(20);
    submitted(queued);
    Map<Job, Job> outcome = new LinkedHashMap<>();
    for (Job job : queued) {
      String json = "\"" + outcome.size() + "x".repeat(1_000_000) + "\"";
      outcome.put(job, job.succeed(json, null, tick()).job());
    }

    stores
        .jobs()
        .save(
            outcome.entrySet().stream()
                .map(each -> new Change(each.getKey(), each.getValue(), WORKER))
                .toList());

    for (Job done : outcome.values()) {
      assertThat(found(done.id())).isEqualTo(done);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 300})
  void aRowThatTheStoreRefusesIsReportedAndDoesNotFailItsNeighbours(int size) {
    List<Job> queued = jobs.queuedJobs(size);
    submitted(queued);
    Job bad = queued.get(size / 2);
    List<Change> changes = new ArrayList<>();
    Set<AttemptId> good = new HashSet<>();
    for (Job job : queued) {
      changes.add(
          new Change(job, job.succeed("1", null, job == bad ? Instant.MAX : tick()).job(), WORKER));
      if (job != bad) {
        good.add(job.attemptId());
      }
    }
    Map<AttemptId, String> refused = new LinkedHashMap<>();

    assertThat(stores.jobs().save(changes, refused::put)).isEqualTo(good);

    assertThat(refused).containsOnlyKeys(bad.attemptId());
    assertThat(found(bad.id())).isEqualTo(bad);
  }

  @Test
  void whatAHandlerThrewIsKeptWithTheAttempt() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Failure failure =
        new Failure("no luck", true, "acme.Lück$1", "acme.Lück$1: no luck\n    at x.🎉(y:1)\n");
    Job failed = running.fail(failure, 0.5, tick()).job();

    stores.jobs().save(List.of(new Change(running, failed, WORKER, failure)));

    AttemptRecord attempt = stores.jobs().attempts(running.id()).getFirst();
    assertThat(attempt.errorClass()).isEqualTo(failure.errorClass());
    assertThat(attempt.trace()).isEqualTo(failure.trace());
  }
}
