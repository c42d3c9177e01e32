package io.quikqueue.contracts;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
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

    Instant now = jobs.now();
    SubmitResult replayed = new SubmitResult.Replayed(first);
    assertThat(stores.jobs().find(Jobs.aKey("k", 1), now)).contains(replayed);
    assertThat(stores.jobs().find(Jobs.aKey("k", 2), now)).isEmpty();
    assertThat(stores.jobs().find(Jobs.aKey("K", 1), now)).isEmpty();
    assertThat(stores.jobs().find(new IdempotencyKey("k", "f".repeat(64)), now)).isEmpty();
    Instant expired = first.createdAt().plus(IdempotencyKey.DEFAULT_LIFE);
    assertThat(stores.jobs().find(Jobs.aKey("k", 1), expired)).isEmpty();
  }

  @Test
  void aKeyOutlivesItsJobAndTellsHowThatEnded() {
    Job pruned = jobs.aQueuedJob();
    Job deleted = jobs.aQueuedJob();
    submitted(pruned, Jobs.aKey("pruned", 1));
    submitted(deleted, Jobs.aKey("deleted", 1));
    saved(pruned, Verb.SUCCEED);
    saved(deleted, Verb.CANCEL);
    stores.jobs().deleteEnded(Set.of(deleted.id()));
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);
    SubmitResult done = new SubmitResult.ReplayedDeleted(pruned.id(), JobState.DONE);
    SubmitResult cancelled = new SubmitResult.ReplayedDeleted(deleted.id(), JobState.CANCELLED);

    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("pruned", 1))).isEqualTo(done);
    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("deleted", 1))).isEqualTo(cancelled);
    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("pruned", 2)))
        .isEqualTo(new SubmitResult.KeyReused(pruned.id()));
    assertThat(stores.jobs().find(Jobs.aKey("pruned", 1), jobs.now())).contains(done);
    assertThat(allJobs()).isEmpty();
  }

  @Test
  void aKeyMayBeUsedAnewOnceItHasExpired() {
    Instant expires = jobs.now().plusSeconds(100);
    Job first = jobs.aQueuedJob();
    stores.jobs().submit(List.of(new Submission(first, Jobs.aKey("k", 1), expires)));
    Job early = jobs.aJob().at(expires.minusNanos(1000)).queued();
    Job second = jobs.aJob().at(expires).queued();
    Job third = jobs.aJob().at(expires).queued();

    assertThat(submitted(early, Jobs.aKey("k", 2)))
        .isEqualTo(new SubmitResult.KeyReused(first.id()));
    assertThat(submitted(second, Jobs.aKey("k", 2))).isEqualTo(new SubmitResult.Accepted(second));
    assertThat(submitted(third, Jobs.aKey("k", 2))).isEqualTo(new SubmitResult.Replayed(second));

    // The key is not the first job's any more, so that it does not go with it.
    saved(first, Verb.SUCCEED);
    stores.jobs().deleteEnded(Set.of(first.id()));
    assertThat(submitted(third, Jobs.aKey("k", 2))).isEqualTo(new SubmitResult.Replayed(second));
  }

  @Test
  void aKeyOfADeletedJobMayBeUsedAnewOnceItHasExpired() {
    Instant expires = jobs.now().plusSeconds(100);
    Job first = jobs.aQueuedJob();
    stores.jobs().submit(List.of(new Submission(first, Jobs.aKey("k", 1), expires)));
    saved(first, Verb.SUCCEED);
    stores.jobs().deleteEnded(Set.of(first.id()));
    Job second = jobs.aJob().at(expires).queued();
    Job third = jobs.aJob().at(expires).queued();

    assertThat(submitted(second, Jobs.aKey("k", 1))).isEqualTo(new SubmitResult.Accepted(second));
    assertThat(submitted(third, Jobs.aKey("k", 1))).isEqualTo(new SubmitResult.Replayed(second));
  }

  @Test
  void keysThatHaveExpiredArePruned() {
    Instant expires = jobs.now().plusSeconds(100);
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      batch.add(new Submission(jobs.aQueuedJob(), Jobs.aKey("old-" + i, 1), expires));
    }
    Submission young =
        new Submission(jobs.aQueuedJob(), Jobs.aKey("young", 1), expires.plusSeconds(1));
    batch.add(young);
    stores.jobs().submit(batch);

    assertThat(stores.jobs().pruneKeys(expires.minusNanos(1000), 1000)).isZero();
    assertThat(stores.jobs().pruneKeys(expires, 2)).isEqualTo(2);
    assertThat(stores.jobs().pruneKeys(expires, 1000)).isEqualTo(3);
    assertThat(stores.jobs().pruneKeys(expires, 1000)).isZero();

    assertThat(allJobs()).hasSize(6);
    assertThat(submitted(jobs.aQueuedJob(), Jobs.aKey("young", 1)))
        .isEqualTo(new SubmitResult.Replayed(young.job()));
    Job anew = jobs.aQueuedJob();
    assertThat(submitted(anew, Jobs.aKey("old-0", 2))).isEqualTo(new SubmitResult.Accepted(anew));
  }

  @Test
  void oneExpiredKeyAtOnceMakesOneJob() throws InterruptedException {
    Instant expires = jobs.now().plusSeconds(100);
    Job first = jobs.aQueuedJob();
    stores.jobs().submit(List.of(new Submission(first, Jobs.aKey("k", 1), expires)));
    List<Callable<SubmitResult>> clients =
        Stream.generate(() -> jobs.aJob().at(expires).queued())
            .limit(8)
            .map(job -> (Callable<SubmitResult>) () -> submitted(job, Jobs.aKey("k", 2)))
            .toList();

    List<SubmitResult> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(2);
    Job second = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new SubmitResult.Accepted(second));
    assertThat(answers)
        .containsOnly(new SubmitResult.Accepted(second), new SubmitResult.Replayed(second));
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
