package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryDelays.Kind;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about {@code submit}. */
abstract class SubmitContract extends MoveContract {

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED"})
  void everyFieldOfANewJobIsKept(JobState state) {
    Job job =
        jobs.aJob()
            .type("Send.Mail-2_b")
            .queue("mail.eu-1_x")
            .priority(0)
            .payload("{\"to\": \"Zoë\"}")
            .deadline(Instant.parse("2031-02-03T04:05:06.789012Z"))
            .policy(
                new Policy(
                    1000,
                    Duration.ofMillis(1),
                    Duration.ofDays(366),
                    Duration.ofMillis(90_061_001),
                    Duration.ofHours(24),
                    5))
            .label("tenant", "Ünïcode ☃ 🎉 \\ ' \" % _ ;--")
            .label("empty", "")
            .label("long", "🎉".repeat(128))
            .label("a.B-c_9", "null")
            .traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .with(it -> it.group("Ünïcode ☃ ").orderingKey("🎉".repeat(200)))
            .with(it -> it.cost(JobSpec.MOST_COST).owner("qq_7"))
            .in(state);

    submitted(job);

    assertThat(found(job.id())).isEqualTo(job);
  }

  static Stream<RetryDelays> delays() {
    Duration longest = Duration.ofDays(366).minusMillis(1);
    return Stream.of(
        RetryDelays.of(Kind.EXPONENTIAL, Duration.ZERO, longest, null, 0.0),
        RetryDelays.of(Kind.EXPONENTIAL, null, null, null, Math.nextDown(1.0)),
        RetryDelays.of(Kind.FIXED, Duration.ofMillis(1), null, null, null),
        RetryDelays.of(Kind.FIXED, null, null, null, 0.5),
        RetryDelays.of(Kind.LIST, null, null, List.of(Duration.ZERO), 1.0),
        RetryDelays.of(
            null,
            null,
            null,
            Collections.nCopies(RetryDelays.MOST_DELAYS, longest),
            0.12345678901234566e-300));
  }

  @ParameterizedTest
  @MethodSource("delays")
  void delaysOfEachKindAreKept(RetryDelays delays) {
    Job job =
        submitted(
            jobs.aJob()
                .maxCrashes(2)
                .with(it -> it.policy(it.policy().withDelays(delays)))
                .queued());

    assertThat(found(job.id())).isEqualTo(job);
  }

  @Test
  void whatAJobDoesNotHaveIsAbsentAfterwardsToo() {
    Job job = submitted(jobs.aQueuedJob());

    assertThat(found(job.id())).isEqualTo(job);
  }

  static Stream<String> payloads() {
    return Stream.of(
        "",
        "null",
        "[]",
        "{\"quotes\": \"' '' \\\" ` \", \"slashes\": \"\\\\ \\\\\\\\ / \\n\"}",
        "\"\\u0000 \\ud800 \\u001f\"",
        " \t\r\n{ \"space\" : 1 } ",
        "\"?1 :name $1 {0} %s ${x} <b> -- ; DROP TABLE jobs\"",
        "\"Grüße, Ψ, 漢字, עברית, \u202eabc\u202c, e\u0301 é, \u2028\u2029, \ufeff, \u007f\"",
        "\"👩‍👩‍👧‍👦 🏳️‍🌈 😀 \uD840\uDC00\"",
        "9007199254740993.000000000000000000010e-5",
        "\"" + "漢".repeat(65_536 / 3) + "\"",
        "\"" + "x".repeat(65_536) + "\"",
        "\"" + "\\\"🎉".repeat(1_000_000 / 6) + "\"");
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void aPayloadIsKeptCharacterByCharacter(String payload) {
    Job job = submitted(jobs.aJob().payload(payload).queued());

    assertThat(found(job.id()).spec().payload()).isEqualTo(payload);
  }

  @Test
  void aBatchMayBeLargerThanAServersLargestPacket() {
    List<Job> batch =
        IntStream.range(0, 20)
            .mapToObj(i -> jobs.aJob().payload("\"" + i + "x".repeat(1_000_000) + "\"").queued())
            .toList();

    submitted(batch);

    for (Job job : batch) {
      assertThat(found(job.id())).isEqualTo(job);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 100, 255, 999, 1000})
  void aBatchIsAnsweredInItsOrder(int size) {
    List<Job> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(jobs.aJob().payload(Integer.toString(i)).in(JobState.ofCode(1 + i % 3)));
    }
    Collections.shuffle(batch, new Random(size));

    submitted(batch);

    assertThat(stores.jobs().find(ids(batch)).values()).containsExactlyInAnyOrderElementsOf(batch);
  }

  @Test
  void theSameJobStoredTwiceIsStoredOnce() {
    Job job = submitted(jobs.aQueuedJob());
    Job done = saved(job, Verb.SUCCEED);

    assertThat(submittedAgain(job)).isInstanceOf(SubmitResult.Accepted.class);

    assertThat(found(job.id())).isEqualTo(done);
    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void theSameJobTwiceInABatchIsStoredOnce() {
    Job job = jobs.aQueuedJob();
    Job other = jobs.aQueuedJob();

    submitted(List.of(job, other, job));

    assertThat(allJobs()).containsExactlyInAnyOrder(job.id(), other.id());
  }

  /** Times that no store can hold in microseconds: a client can write them all the same. */
  Stream<Job> jobsOutOfRange() {
    return Stream.of(
        jobs.aJob().scheduled(Instant.MAX),
        jobs.aJob().deadline(Instant.MAX).queued(),
        jobs.aJob().deadline(Instant.MIN).queued());
  }

  @Test
  void aRefusedJobDoesNotFailItsNeighbours() {
    List<Submission> batch = new ArrayList<>();
    List<Job> good = jobs.queuedJobs(6);
    good.forEach(job -> batch.add(new Submission(job, null)));
    int at = 1;
    for (Job bad : jobsOutOfRange().toList()) {
      batch.add(at, new Submission(bad, null));
      at += 2;
    }

    List<SubmitResult> answers = stores.jobs().submit(batch);

    assertThat(answers).hasSameSizeAs(batch);
    for (int i = 0; i < batch.size(); i++) {
      Job job = batch.get(i).job();
      if (good.contains(job)) {
        assertThat(answers.get(i)).isEqualTo(new SubmitResult.Accepted(job));
      } else {
        assertThat(answers.get(i)).isInstanceOf(SubmitResult.Refused.class);
      }
    }
    assertThat(allJobs()).containsExactlyInAnyOrderElementsOf(ids(good));
  }

  @Test
  void aRefusedJobDoesNotUseUpItsKey() {
    Job bad = jobsOutOfRange().findFirst().orElseThrow();
    assertThat(submitted(bad, Jobs.aKey("k", 1))).isInstanceOf(SubmitResult.Refused.class);

    Job good = jobs.aQueuedJob();

    assertThat(submitted(good, Jobs.aKey("k", 2))).isEqualTo(new SubmitResult.Accepted(good));
  }

  private SubmitResult submittedAgain(Job job) {
    return stores.jobs().submit(List.of(new Submission(job, null))).getFirst();
  }
}
