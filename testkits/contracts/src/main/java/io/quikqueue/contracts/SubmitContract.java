package io.quikqueue.contracts;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Stored;
import io.quikqueue.domain.port.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about {@code submit}. */
abstract class SubmitContract extends StoreContract {

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

    assertThat(submittedAgain(job)).isInstanceOf(Stored.Accepted.class);

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

  @Test
  void theSameJobIsAcceptedAgainUnderItsKey() {
    Job job = jobs.aQueuedJob();
    assertThat(submitted(job, Jobs.aKey("k", 1))).isEqualTo(new Stored.Accepted(job));

    assertThat(submitted(job, Jobs.aKey("k", 1))).isInstanceOf(Stored.Accepted.class);

    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void aKeyUsedAgainForTheSameRequestShowsTheFirstJobAsItIsNow() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));
    Job done = saved(first, Verb.SUCCEED);

    Stored again = submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1));

    assertThat(again).isEqualTo(new Stored.Replayed(done));
    assertThat(allJobs()).containsExactly(first.id());
  }

  @Test
  void aKeyUsedForAnotherRequestIsRefused() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));

    Stored other = submitted(jobs.aQueuedJob(), Jobs.aKey("k", 2));

    assertThat(other).isEqualTo(new Stored.KeyReused(first.id()));
    assertThat(allJobs()).containsExactly(first.id());
    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1)))
        .isEqualTo(new Stored.Replayed(first));
  }

  @Test
  void aKeyFromBeforeAnUpgradeShowsItsJob() {
    Job first = jobs.aQueuedJob();
    submitted(first, new IdempotencyKey("k", "f".repeat(64)));

    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1)))
        .isEqualTo(new Stored.Replayed(first));
  }

  @Test
  void aKeyCountsWithinABatchToo() {
    Job first = jobs.aQueuedJob();
    Job free = jobs.aQueuedJob();

    List<Stored> answers =
        stores
            .jobs()
            .submit(
                List.of(
                    new Submission(first, Jobs.aKey("k", 1)),
                    new Submission(jobs.aQueuedJob(), Jobs.aKey("k", 1)),
                    new Submission(jobs.aQueuedJob(), Jobs.aKey("k", 2)),
                    new Submission(free, null)));

    assertThat(answers)
        .containsExactly(
            new Stored.Accepted(first),
            new Stored.Replayed(first),
            new Stored.KeyReused(first.id()),
            new Stored.Accepted(free));
    assertThat(allJobs()).containsExactlyInAnyOrder(first.id(), free.id());
  }

  @Test
  void keysThatDifferInAnyCharacterAreDifferent() {
    List<String> keys =
        List.of("a", "A", "a ", " a", "%", "_", "'", "\\", "\"", "x".repeat(200), "x".repeat(199));
    List<Submission> batch =
        keys.stream().map(key -> new Submission(jobs.aQueuedJob(), Jobs.aKey(key, 1))).toList();

    assertThat(stores.jobs().submit(batch)).hasOnlyElementsOfType(Stored.Accepted.class);

    for (Submission each : batch) {
      assertThat(submitted(jobs.aQueuedJob(), key(each)))
          .isEqualTo(new Stored.Replayed(each.job()));
    }
  }

  @Test
  void oneKeyAtOnceMakesOneJob() throws InterruptedException {
    List<Callable<Stored>> clients =
        Stream.generate(jobs::aQueuedJob)
            .limit(8)
            .map(job -> (Callable<Stored>) () -> submitted(job, Jobs.aKey("k", 1)))
            .toList();

    List<Stored> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(1);
    Job first = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new Stored.Accepted(first));
    assertThat(answers).containsOnly(new Stored.Accepted(first), new Stored.Replayed(first));
  }

  @Test
  void oneKeyAtOnceForDifferentRequestsMakesOneJob() throws InterruptedException {
    List<Callable<Stored>> clients =
        IntStream.range(0, 8)
            .mapToObj(i -> (Callable<Stored>) () -> submitted(jobs.aQueuedJob(), Jobs.aKey("k", i)))
            .toList();

    List<Stored> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(1);
    Job first = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new Stored.Accepted(first));
    assertThat(answers).containsOnly(new Stored.Accepted(first), new Stored.KeyReused(first.id()));
  }

  @Test
  void manyKeysAtOnceInAnyOrderMakeOneJobEach() throws InterruptedException {
    int keys = 40;
    List<Callable<List<Stored>>> clients =
        IntStream.range(0, 6)
            .mapToObj(client -> (Callable<List<Stored>>) () -> submitKeys(keys, client))
            .toList();

    List<Stored> answers = atOnce(clients).stream().flatMap(List::stream).toList();

    assertThat(allJobs()).hasSize(keys);
    Set<JobId> accepted =
        answers.stream()
            .filter(Stored.Accepted.class::isInstance)
            .map(answer -> ((Stored.Accepted) answer).job().id())
            .collect(toCollection(HashSet::new));
    assertThat(accepted).containsExactlyInAnyOrderElementsOf(allJobs());
    assertThat(answers.stream().filter(Stored.Accepted.class::isInstance)).hasSize(keys);
    assertThat(answers.stream().filter(Stored.Replayed.class::isInstance)).hasSize(5 * keys);
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

    List<Stored> answers = stores.jobs().submit(batch);

    assertThat(answers).hasSameSizeAs(batch);
    for (int i = 0; i < batch.size(); i++) {
      Job job = batch.get(i).job();
      if (good.contains(job)) {
        assertThat(answers.get(i)).isEqualTo(new Stored.Accepted(job));
      } else {
        assertThat(answers.get(i)).isInstanceOf(Stored.Refused.class);
      }
    }
    assertThat(allJobs()).containsExactlyInAnyOrderElementsOf(ids(good));
  }

  @Test
  void aRefusedJobDoesNotUseUpItsKey() {
    Job bad = jobsOutOfRange().findFirst().orElseThrow();
    assertThat(submitted(bad, Jobs.aKey("k", 1))).isInstanceOf(Stored.Refused.class);

    Job good = jobs.aQueuedJob();

    assertThat(submitted(good, Jobs.aKey("k", 2))).isEqualTo(new Stored.Accepted(good));
  }

  private Stored submittedAgain(Job job) {
    return stores.jobs().submit(List.of(new Submission(job, null))).getFirst();
  }

  private List<Stored> submitKeys(int keys, int client) {
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      batch.add(new Submission(jobs.aQueuedJob(), Jobs.aKey("key-" + i, 1)));
    }
    Collections.shuffle(batch, new Random(client));
    List<Stored> answers = new ArrayList<>();
    for (int from = 0; from < keys; from += 10) {
      answers.addAll(stores.jobs().submit(batch.subList(from, from + 10)));
    }
    return answers;
  }

  private static IdempotencyKey key(Submission submission) {
    IdempotencyKey key = submission.key();
    if (key == null) {
      throw new IllegalArgumentException("no key");
    }
    return key;
  }
}
