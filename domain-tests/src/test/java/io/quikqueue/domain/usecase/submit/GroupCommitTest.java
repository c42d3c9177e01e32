package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final GroupCommit commit =
      new GroupCommit(
          new Submit(world.listened, clock, new JobIds(clock, new Random(1)), world.meter),
          new Admission(
              world.memory,
              world.memory,
              new PayloadChecks(
                  world.memory, Map.of(), _ -> _ -> {}, Redaction.usual(), System::nanoTime),
              Set.of("echo"),
              Duration.ofHours(6),
              _ -> {},
              System::nanoTime),
          2,
          Duration.ofMillis(2));

  @AfterEach
  void close() {
    commit.close();
  }

  @Test
  void everyClientGetsItsOwnAnswer() throws InterruptedException, ExecutionException {
    int clients = 400;
    List<Future<SubmitResult>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        JobRequest request = JobRequest.of(JobSpec.of("echo", Integer.toString(i)));
        answers.add(threads.submit(() -> commit.submit(CALLER, request)));
      }
      for (int i = 0; i < clients; i++) {
        assertThat(payload(answers.get(i).get())).isEqualTo(Integer.toString(i));
      }
    }
    assertThat(world.announced).hasSize(clients);
  }

  @Test
  void aCallerCanHandInManyAndLearnWhatBecameOfEach() {
    List<CompletableFuture<SubmitResult>> answers =
        IntStream.range(0, 1300)
            .mapToObj(
                i -> commit.begin(CALLER, JobRequest.of(JobSpec.of("echo", Integer.toString(i)))))
            .toList();

    for (int i = 0; i < 1300; i++) {
      assertThat(payload(answers.get(i).join())).isEqualTo(Integer.toString(i));
    }
    assertThat(world.store.calls("submit")).isLessThan(1300);
  }

  @Test
  void manyOfAnOrderingKeyKeepTheirOrder() {
    List<CompletableFuture<SubmitResult>> answers =
        IntStream.range(0, 3000)
            .mapToObj(
                i ->
                    JobSpec.builder("echo", Integer.toString(i))
                        .orderingKey(i % 3 == 0 ? null : "k")
                        .build())
            .map(spec -> commit.begin(CALLER, JobRequest.of(spec)))
            .toList();

    JobId before = null;
    for (int i = 0; i < 3000; i++) {
      Job job = ((SubmitResult.Accepted) answers.get(i).join()).job();
      if (i % 3 > 0) {
        assertThat(world.memory.needs(job.id())).isEqualTo(Optional.ofNullable(before));
        before = job.id();
      }
    }
  }

  @Test
  void ofTwoThatMayBeTheOnlyOneTheFirstThatCameIsIt() throws InterruptedException {
    JobSpec only =
        JobSpec.builder("echo", "1")
            .unique(new Unique(Unique.Within.QUEUE, "k", "0".repeat(64), Unique.UNTIL_ENDED, null))
            .build();
    CountDownLatch storing = new CountDownLatch(1);
    CountDownLatch overtaken = new CountDownLatch(1);
    world.store.beforeNext(
        "submit",
        () -> {
          world.store.afterNext("submit", overtaken::countDown);
          storing.countDown();
          awaitForAMoment(overtaken);
        });

    CompletableFuture<SubmitResult> first = commit.begin(CALLER, JobRequest.of(only));
    storing.await();
    CompletableFuture<SubmitResult> second = commit.begin(CALLER, JobRequest.of(only));

    assertThat(first.join()).isInstanceOf(SubmitResult.Accepted.class);
    assertThat(second.join()).isNotInstanceOf(SubmitResult.Accepted.class);
  }

  private static void awaitForAMoment(CountDownLatch latch) {
    try {
      boolean unused = latch.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theStoresAbsenceReachesTheClient() {
    world.store.down();

    assertThatThrownBy(() -> commit.submit(CALLER, JobRequest.of(JobSpec.of("echo", "1"))))
        .isInstanceOf(UnavailableException.class);

    world.store.up();
    assertThat(payload(commit.submit(CALLER, JobRequest.of(JobSpec.of("echo", "2")))))
        .isEqualTo("2");
  }

  @Test
  void aJobThatIsNotAdmittedIsNotStored() {
    JobRequest request = JobRequest.of(JobSpec.of("nobody-knows-it", "1"));

    assertThatThrownBy(() -> commit.submit(CALLER, request))
        .isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(() -> commit.begin(CALLER, request))
        .isInstanceOf(InvalidFieldException.class);
    assertThat(world.memory.all()).isEmpty();
  }

  /** Its type may be gone, or its schema, the queues or the limits narrower than they were. */
  @Test
  void whatWasAcceptedUnderItsKeyIsAnsweredSoThoughItWouldBeRefusedToday() {
    JobSpec spec = JobSpec.of("retired", "1");
    Job first = world.jobs.aJob().type("retired").queued();
    world.memory.submit(List.of(new Submission(first, Jobs.aKey("k", 1))));
    JobRequest again = new JobRequest(spec, null, null, Jobs.aKey("k", 1));
    SubmitResult replayed = new SubmitResult.Replayed(first);

    assertThat(commit.submit(CALLER, again)).isEqualTo(replayed);
    assertThat(commit.begin(CALLER, again)).isCompletedWithValue(replayed);

    for (IdempotencyKey key : List.of(Jobs.aKey("k", 2), Jobs.aKey("other", 1))) {
      JobRequest another = new JobRequest(spec, null, null, key);
      assertThatThrownBy(() -> commit.submit(CALLER, another))
          .isInstanceOf(InvalidFieldException.class);
      assertThatThrownBy(() -> commit.begin(CALLER, another))
          .isInstanceOf(InvalidFieldException.class);
    }
  }

  @Test
  void aQueueWhoseJobsCouldNotBeStoredDoesNotCount() {
    world.store.down();
    for (int i = 0; i < 1_100; i++) {
      CompletableFuture<SubmitResult> answer = commit.begin(CALLER, inQueue("queue-" + i));
      assertThat(answer).failsWithin(Duration.ofMinutes(1));
    }
    world.store.up();

    assertThat(commit.submit(CALLER, inQueue("new"))).isInstanceOf(SubmitResult.Accepted.class);
  }

  private JobRequest inQueue(String queue) {
    return JobRequest.of(world.jobs.aJob().type("echo").queue(queue).spec());
  }

  @Test
  void whatIsClosedRefuses() {
    commit.close();

    assertThatThrownBy(() -> commit.submit(CALLER, JobRequest.of(JobSpec.of("echo", "1"))))
        .isInstanceOf(OverloadedException.class);
    assertThat(world.memory.all()).isEmpty();
  }

  private static String payload(SubmitResult answer) {
    return ((SubmitResult.Accepted) answer).job().spec().payload();
  }
}
