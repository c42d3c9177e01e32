package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Stored;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final GroupCommit commit =
      new GroupCommit(
          new Submit(
              world.store.port(),
              clock,
              new JobIds(clock, new Random(1)),
              world.announced::addAll,
              world.meter),
          2,
          Duration.ofMillis(2));

  @AfterEach
  void close() {
    commit.close();
  }

  @Test
  void everyClientGetsItsOwnAnswer() throws InterruptedException, ExecutionException {
    int clients = 400;
    List<Future<Stored>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        JobRequest request = JobRequest.of(JobSpec.of("echo", Integer.toString(i)));
        answers.add(threads.submit(() -> commit.submit(request)));
      }
      for (int i = 0; i < clients; i++) {
        assertThat(payload(answers.get(i).get())).isEqualTo(Integer.toString(i));
      }
    }
    assertThat(world.announced).hasSize(clients);
  }

  @Test
  void aCallerCanHandInManyAndLearnWhatBecameOfEach() {
    List<CompletableFuture<Stored>> answers =
        IntStream.range(0, 1300)
            .mapToObj(i -> commit.begin(JobRequest.of(JobSpec.of("echo", Integer.toString(i)))))
            .toList();

    for (int i = 0; i < 1300; i++) {
      assertThat(payload(answers.get(i).join())).isEqualTo(Integer.toString(i));
    }
    assertThat(world.store.calls("submit")).isLessThan(1300);
  }

  @Test
  void theStoresAbsenceReachesTheClient() {
    world.store.down();

    assertThatThrownBy(() -> commit.submit(JobRequest.of(JobSpec.of("echo", "1"))))
        .isInstanceOf(UnavailableException.class);

    world.store.up();
    assertThat(payload(commit.submit(JobRequest.of(JobSpec.of("echo", "2"))))).isEqualTo("2");
  }

  @Test
  void whatIsClosedRefuses() {
    commit.close();

    assertThatThrownBy(() -> commit.submit(JobRequest.of(JobSpec.of("echo", "1"))))
        .isInstanceOf(OverloadedException.class);
    assertThat(world.memory.all()).isEmpty();
  }

  private static String payload(Stored answer) {
    return ((Stored.Accepted) answer).job().spec().payload();
  }
}
