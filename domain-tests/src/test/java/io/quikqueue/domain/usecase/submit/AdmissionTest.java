package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");
  private static final long SECOND = 1_000_000_000L;

  private final World world = new World(new SettableClock());
  private final Flaky<Workers> workers = new Flaky<>(Workers.class, world.memory);
  private final Flaky<Queues> queues = new Flaky<>(Queues.class, world.memory);
  private long nanos = Long.MAX_VALUE; // monotonic time may begin anywhere and run over
  private final Admission admission =
      new Admission(
          workers.port(),
          queues.port(),
          new PayloadChecks(world.memory, Map.of(), _ -> _ -> {}, Redaction.usual(), () -> nanos),
          Set.of("http"),
          Duration.ofHours(6),
          AdmissionTest::requireSpelledUrl,
          () -> nanos);

  @Test
  void aConfiguredTypeNeedsNoQuestion() {
    workers.down();
    queues.down();

    admission.admit(CALLER, JobSpec.of("http", "1"));

    assertThat(workers.calls("types")).isZero();
  }

  @Test
  void aTimeoutLongerThanTheSettingAllowsIsRefused() {
    admission.admit(CALLER, withTimeout(Duration.ofHours(6)));

    InvalidFieldException refusal =
        catchThrowableOfType(
            InvalidFieldException.class,
            () -> admission.admit(CALLER, withTimeout(Duration.ofHours(6).plusMillis(1))));

    assertThat(refusal.field()).isEqualTo("timeout");
    assertThat(refusal.problem()).contains("21600 s").contains("rest.maxTimeout");
  }

  private static JobSpec withTimeout(Duration timeout) {
    Policy usual = Policy.DEFAULT;
    Policy policy =
        new Policy(
            usual.maxAttempts(),
            usual.backoff(),
            usual.backoffCap(),
            usual.maxElapsed(),
            timeout,
            usual.maxCrashes());
    return JobSpec.builder("http", "1").policy(policy).build();
  }

  @Test
  void aTypeThatNobodyKnowsIsRefusedByName() {
    InvalidFieldException refusal =
        catchThrowableOfType(
            InvalidFieldException.class, () -> admission.admit(CALLER, JobSpec.of("htpp", "1")));

    assertThat(refusal.field()).isEqualTo("type");
    assertThat(refusal.problem()).contains("htpp").contains("http");
  }

  @Test
  void aTypeThatAWorkerOnceOfferedIsLetIn() {
    offer("sleep");
    world.memory.remove("worker");

    admission.admit(CALLER, JobSpec.of("sleep", "1"));
    admission.admit(CALLER, JobSpec.of("sleep", "1"));

    assertThat(workers.calls("types")).isEqualTo(1);
  }

  @Test
  void theStoreIsAskedOnceASecondAtMost() {
    assertThatThrownBy(() -> admission.admit(CALLER, JobSpec.of("sleep", "1")))
        .isInstanceOf(InvalidFieldException.class);
    offer("sleep");
    nanos += SECOND - 1;
    assertThatThrownBy(() -> admission.admit(CALLER, JobSpec.of("sleep", "1")))
        .isInstanceOf(InvalidFieldException.class);
    assertThat(workers.calls("types")).isEqualTo(1);

    nanos += 1;
    admission.admit(CALLER, JobSpec.of("sleep", "1"));
    assertThat(workers.calls("types")).isEqualTo(2);
  }

  @Test
  void anUnknownTypeCannotBeJudgedWithoutTheStore() {
    workers.down();

    assertThatThrownBy(() -> admission.admit(CALLER, JobSpec.of("sleep", "1")))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void thereIsABoundOnQueues() {
    world.stored(world.jobs.aJob().queue("there-before").queued());
    commit("first");
    for (int i = 0; i < 997; i++) {
      commit("queue-" + i);
    }

    refuseQueue("one-too-many");
    for (String known : List.of("default", "there-before", "first", "queue-996")) {
      commit(known);
    }
  }

  @Test
  void aQueueWhoseJobWasNotStoredDoesNotCount() {
    for (int i = 0; i < 2_000; i++) {
      admission.admit(CALLER, inQueue("queue-" + i)).settle(false);
    }

    commit("new");
  }

  @Test
  void queuesOfJobsThatAreBeingStoredCount() {
    List<Admission.Entry> entering = new ArrayList<>();
    for (int i = 0; i < 999; i++) {
      entering.add(admission.admit(CALLER, inQueue("queue-" + i)));
    }
    entering.add(admission.admit(CALLER, inQueue("queue-0")));
    refuseQueue("one-too-many");

    entering.getFirst().settle(false);
    refuseQueue("one-too-many");
    entering.getLast().settle(false);

    commit("one-more");
    refuseQueue("one-too-many");
  }

  private void commit(String queue) {
    admission.admit(CALLER, inQueue(queue)).settle(true);
  }

  private void refuseQueue(String queue) {
    InvalidFieldException refusal =
        catchThrowableOfType(
            InvalidFieldException.class, () -> admission.admit(CALLER, inQueue(queue)));
    assertThat(refusal.field()).isEqualTo("queue");
  }

  private void offer(String type) {
    world.memory.heartbeat(
        new WorkerInfo(
            "worker",
            "host",
            1,
            Set.of(),
            Set.of(type),
            1,
            0,
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH));
  }

  private JobSpec inQueue(String queue) {
    return world.jobs.aJob().type("http").queue(queue).spec();
  }

  @Test
  void aCallbackThatCannotBeCalledIsRefused() {
    admission.admit(CALLER, calling("http://example.com/hook"));

    assertThatThrownBy(() -> admission.admit(CALLER, calling("http://nobody@example.com/")))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("callback.url"));
  }

  @Test
  void nobodyCanSubmitACallbackItself() {
    assertThatThrownBy(() -> admission.admit(CALLER, JobSpec.of(CallbackJobs.TYPE, "{}")))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("type"));
  }

  @Test
  void nobodyChangesWhatACallbackTells() {
    assertThatThrownBy(() -> admission.check(JobSpec.of(CallbackJobs.TYPE, "{}")))
        .isInstanceOf(InvalidFieldException.class);
  }

  private static JobSpec calling(String url) {
    return JobSpec.builder("http", "1").callback(new Callback(url, Callback.ANY_END)).build();
  }

  private static void requireSpelledUrl(String url) {
    if (url.contains("@")) {
      throw new InvalidFieldException("callback.url", "must not carry a user name");
    }
  }
}
