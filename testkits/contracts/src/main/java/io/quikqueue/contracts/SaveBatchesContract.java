package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about batches of changes. */
abstract class SaveBatchesContract extends SavedTextsContract {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 100, 255, 999, 1000})
  void aMixedBatchTakesEffectWhereItCan(int size) {
    Random random = new Random(size);
    List<Transition> batch = new ArrayList<>();
    Set<AttemptId> expected = new HashSet<>();
    List<Job> outcome = new ArrayList<>();
    List<Job> before = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      before.add(jobs.aJob().in(JobState.ofCode(1 + random.nextInt(3))));
    }
    submitted(before);
    for (Job job : before) {
      List<Verb> verbs = Stream.of(Verb.values()).filter(job::can).toList();
      Verb verb = verbs.get(random.nextInt(verbs.size()));
      Job known = random.nextInt(3) == 0 ? laterAttempt(job) : job;
      Transition change = Jobs.after(known, verb, tick()).by(WORKER);
      batch.add(change);
      if (known == job) {
        expected.add(change.attempt());
      }
      outcome.add(known == job ? change.after() : job);
    }
    Collections.shuffle(batch, random);

    assertThat(stores.jobs().save(batch).applied()).isEqualTo(expected);

    assertThat(stores.jobs().find(ids(before)).values())
        .containsExactlyInAnyOrderElementsOf(outcome);
  }

  @Test
  void ofOutcomesSavedAtOnceOneTakesEffectPerJob() throws InterruptedException {
    List<Job> queued = jobs.queuedJobs(300);
    submitted(queued);
    List<Verb> outcomes =
        List.of(Verb.SUCCEED, Verb.FAIL, Verb.CANCEL, Verb.RESCUE, Verb.START, Verb.SUCCEED);
    List<List<Transition>> clients =
        IntStream.range(0, outcomes.size())
            .mapToObj(i -> changes(queued, outcomes.get(i), i))
            .toList();

    List<Set<AttemptId>> applied =
        atOnce(
            clients.stream()
                .map(all -> (Callable<Set<AttemptId>>) () -> saveInParts(all))
                .toList());

    List<Job> expected = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      for (Transition change : clients.get(i)) {
        if (change.after().state() != JobState.RUNNING
            && applied.get(i).contains(change.attempt())) {
          expected.add(change.after());
        }
      }
    }
    assertThat(expected).hasSameSizeAs(queued);
    assertThat(stores.jobs().find(ids(queued)).values())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private Set<AttemptId> saveInParts(List<Transition> all) {
    Set<AttemptId> applied = new HashSet<>();
    for (int from = 0; from < all.size(); from += 50) {
      applied.addAll(stores.jobs().save(all.subList(from, from + 50)).applied());
    }
    return applied;
  }

  private List<Transition> changes(List<Job> of, Verb verb, int seed) {
    List<Transition> batch = new ArrayList<>();
    for (Job job : of) {
      batch.add(Jobs.after(job, verb, tick()).by(WORKER));
    }
    Collections.shuffle(batch, new Random(seed));
    return batch;
  }

  private static Job laterAttempt(Job job) {
    return job.toBuilder().attempt(job.attempt() + 1).build();
  }
}
