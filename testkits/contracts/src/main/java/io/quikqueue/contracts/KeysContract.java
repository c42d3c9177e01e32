package io.quikqueue.contracts;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
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

/** The part of {@link JobStoreContract} that is about idempotency keys. */
abstract class KeysContract extends StoreContract {

  @Test
  void theSameJobIsAcceptedAgainUnderItsKey() {
    Job job = jobs.aQueuedJob();
    assertThat(submitted(job, Jobs.aKey("k", 1))).isEqualTo(new SubmitResult.Accepted(job));

    assertThat(submitted(job, Jobs.aKey("k", 1))).isInstanceOf(SubmitResult.Accepted.class);

    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void aKeyUsedAgainForTheSameRequestShowsTheFirstJobAsItIsNow() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));
    Job done = saved(first, Verb.SUCCEED);

    SubmitResult again = submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1));

    assertThat(again).isEqualTo(new SubmitResult.Replayed(done));
    assertThat(allJobs()).containsExactly(first.id());
  }

  @Test
  void aKeyUsedForAnotherRequestIsRefused() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));

    SubmitResult other = submitted(jobs.aQueuedJob(), Jobs.aKey("k", 2));

    assertThat(other).isEqualTo(new SubmitResult.KeyReused(first.id()));
    assertThat(allJobs()).containsExactly(first.id());
    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1)))
        .isEqualTo(new SubmitResult.Replayed(first));
  }

  @Test
  void aKeyFromBeforeAnUpgradeShowsItsJob() {
    Job first = jobs.aQueuedJob();
    submitted(first, new IdempotencyKey("k", "f".repeat(64)));

    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1)))
        .isEqualTo(new SubmitResult.Replayed(first));
  }

  @Test
  void aKeyCountsWithinABatchToo() {
    Job first = jobs.aQueuedJob();
    Job free = jobs.aQueuedJob();

    List<SubmitResult> answers =
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
            new SubmitResult.Accepted(first),
            new SubmitResult.Replayed(first),
            new SubmitResult.KeyReused(first.id()),
            new SubmitResult.Accepted(free));
    assertThat(allJobs()).containsExactlyInAnyOrder(first.id(), free.id());
  }

  @Test
  void aKeyFindsItsJobForTheSameRequestOnly() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));

    assertThat(stores.jobs().find(Jobs.aKey("k", 1))).contains(first);
    assertThat(stores.jobs().find(Jobs.aKey("k", 2))).isEmpty();
    assertThat(stores.jobs().find(Jobs.aKey("K", 1))).isEmpty();
    assertThat(stores.jobs().find(new IdempotencyKey("k", "f".repeat(64)))).isEmpty();
  }

  @Test
  void keysThatDifferInAnyCharacterAreDifferent() {
    List<String> keys =
        List.of("a", "A", "a ", " a", "%", "_", "'", "\\", "\"", "x".repeat(200), "x".repeat(199));
    List<Submission> batch =
        keys.stream().map(key -> new Submission(jobs.aQueuedJob(), Jobs.aKey(key, 1))).toList();

    assertThat(stores.jobs().submit(batch)).hasOnlyElementsOfType(SubmitResult.Accepted.class);

    for (Submission each : batch) {
      assertThat(submitted(jobs.aQueuedJob(), key(each)))
          .isEqualTo(new SubmitResult.Replayed(each.job()));
    }
  }

  @Test
  void oneKeyAtOnceMakesOneJob() throws InterruptedException {
    List<Callable<SubmitResult>> clients =
        Stream.generate(jobs::aQueuedJob)
            .limit(8)
            .map(job -> (Callable<SubmitResult>) () -> submitted(job, Jobs.aKey("k", 1)))
            .toList();

    List<SubmitResult> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(1);
    Job first = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new SubmitResult.Accepted(first));
    assertThat(answers)
        .containsOnly(new SubmitResult.Accepted(first), new SubmitResult.Replayed(first));
  }

  @Test
  void oneKeyAtOnceForDifferentRequestsMakesOneJob() throws InterruptedException {
    List<Callable<SubmitResult>> clients =
        IntStream.range(0, 8)
            .mapToObj(
                i -> (Callable<SubmitResult>) () -> submitted(jobs.aQueuedJob(), Jobs.aKey("k", i)))
            .toList();

    List<SubmitResult> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(1);
    Job first = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new SubmitResult.Accepted(first));
    assertThat(answers)
        .containsOnly(new SubmitResult.Accepted(first), new SubmitResult.KeyReused(first.id()));
  }

  @Test
  void manyKeysAtOnceInAnyOrderMakeOneJobEach() throws InterruptedException {
    int keys = 40;
    List<Callable<List<SubmitResult>>> clients =
        IntStream.range(0, 6)
            .mapToObj(client -> (Callable<List<SubmitResult>>) () -> submitKeys(keys, client))
            .toList();

    List<SubmitResult> answers = atOnce(clients).stream().flatMap(List::stream).toList();

    assertThat(allJobs()).hasSize(keys);
    Set<JobId> accepted =
        answers.stream()
            .filter(SubmitResult.Accepted.class::isInstance)
            .map(answer -> ((SubmitResult.Accepted) answer).job().id())
            .collect(toCollection(HashSet::new));
    assertThat(accepted).containsExactlyInAnyOrderElementsOf(allJobs());
    assertThat(answers.stream().filter(SubmitResult.Accepted.class::isInstance)).hasSize(keys);
    assertThat(answers.stream().filter(SubmitResult.Replayed.class::isInstance)).hasSize(5 * keys);
  }

  private List<SubmitResult> submitKeys(int keys, int client) {
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      batch.add(new Submission(jobs.aQueuedJob(), Jobs.aKey("key-" + i, 1)));
    }
    Collections.shuffle(batch, new Random(client));
    List<SubmitResult> answers = new ArrayList<>();
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
