package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.SaveResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    Job done = saved(running.succeed(json, null, tick()));

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

    Job failed = saved(first.fail(new Failure(text, true), 0.5, tick()));
    Job done = saved(second.succeed("1", text, tick()));

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
    List<Transition> outcomes = new ArrayList<>();
    for (Job job : queued) {
      String json = "\"" + outcomes.size() + "x".repeat(1_000_000) + "\"";
      outcomes.add(job.succeed(json, null, tick()).by(WORKER));
    }

    stores.jobs().save(outcomes);

    for (Transition each : outcomes) {
      assertThat(found(each.after().id())).isEqualTo(each.after());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 300})
  void aRowThatTheStoreRefusesIsReportedAndDoesNotFailItsNeighbours(int size) {
    List<Job> queued = jobs.queuedJobs(size);
    submitted(queued);
    Job bad = queued.get(size / 2);
    List<Transition> changes = new ArrayList<>();
    Set<AttemptId> good = new HashSet<>();
    for (Job job : queued) {
      changes.add(job.succeed("1", null, job == bad ? Instant.MAX : tick()).by(WORKER));
      if (job != bad) {
        good.add(job.attemptId());
      }
    }
    SaveResult result = stores.jobs().save(changes);

    assertThat(result.applied()).isEqualTo(good);
    assertThat(result.refused()).containsOnlyKeys(bad.attemptId());
    assertThat(found(bad.id())).isEqualTo(bad);
  }

  @Test
  void whatAHandlerThrewIsKeptWithTheAttempt() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Failure failure =
        new Failure("no luck", true, "acme.Lück$1", "acme.Lück$1: no luck\n    at x.🎉(y:1)\n");

    saved(running.fail(failure, 0.5, tick()));

    AttemptRecord attempt = stores.jobs().attempts(running.id()).getFirst();
    assertThat(attempt.errorClass()).isEqualTo(failure.errorClass());
    assertThat(attempt.trace()).isEqualTo(failure.trace());
  }
}
