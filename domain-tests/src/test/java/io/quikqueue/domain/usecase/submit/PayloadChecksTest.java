package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.PayloadCheck;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A "schema" here is the only text that a payload may be. */
class PayloadChecksTest {

  private static final long SECOND = 1_000_000_000L;

  private final World world = new World(new SettableClock());
  private final Flaky<Workers> workers = new Flaky<>(Workers.class, world.memory);
  private final AtomicInteger compiled = new AtomicInteger();
  private long nanos = Long.MAX_VALUE; // monotonic time may begin anywhere and run over
  private final PayloadChecks checks =
      new PayloadChecks(
          workers.port(), Map.of("own", only("1")), this::compile, Redaction.usual(), () -> nanos);

  @Test
  void aTypeWithoutASchemaTakesAnything() {
    checks.check(JobSpec.of("other", "[]"));
  }

  @Test
  void whatTheProcessKnowsItselfHoldsUntilAWorkerSaysOtherwise() {
    refuses("own", "2");
    checks.check(JobSpec.of("own", "1"));

    describe("own", "2");
    nanos += SECOND;

    checks.check(JobSpec.of("own", "2"));
    refuses("own", "1");
  }

  @Test
  void aSchemaHoldsASecondAfterAWorkerGaveIt() {
    checks.check(JobSpec.of("other", "2"));
    describe("other", "1");
    checks.check(JobSpec.of("other", "2"));

    nanos += SECOND;

    refuses("other", "2");
    checks.check(JobSpec.of("other", "1"));
  }

  @Test
  void theStoreIsAskedOnceASecondAndASchemaReadOnce() {
    describe("other", "1");
    for (int i = 0; i < 100; i++) {
      checks.check(JobSpec.of("other", "1"));
    }
    nanos += SECOND;
    checks.check(JobSpec.of("other", "1"));

    assertThat(workers.calls("schemas")).isEqualTo(2);
    assertThat(compiled).hasValue(1);
  }

  @Test
  void whatIsKnownHoldsWhileTheStoreIsAway() {
    describe("other", "1");
    checks.check(JobSpec.of("other", "1"));
    workers.down();
    nanos += SECOND;

    refuses("other", "2");
    checks.check(JobSpec.of("other", "1"));
  }

  @Test
  void aSchemaThatCannotBeUsedRefusesNothing() {
    describe("other", "broken");

    assertThatCode(() -> checks.check(JobSpec.of("other", "2"))).doesNotThrowAnyException();
  }

  @Test
  void longPayloadsAreCheckedOneAtATime() {
    int clients = 8;
    AtomicInteger at = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(clients);
    PayloadChecks slow =
        new PayloadChecks(
            workers.port(),
            Map.of(
                "own",
                _ -> {
                  most.accumulateAndGet(at.incrementAndGet(), Math::max);
                  await(all); // until everybody is about to come in
                  Thread.yield();
                  at.decrementAndGet();
                }),
            this::compile,
            Redaction.usual(),
            () -> nanos);
    String payload = "\"" + "x".repeat(20_000) + "\"";

    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      IntStream.range(0, clients)
          .forEach(
              _ ->
                  threads.submit(
                      () -> {
                        all.countDown();
                        slow.check(JobSpec.of("own", payload));
                      }));
    }

    assertThat(most).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void refuses(String type, String payload) {
    assertThatThrownBy(() -> checks.check(JobSpec.of(type, payload)))
        .isInstanceOf(InvalidPayloadException.class);
  }

  private void describe(String type, String schema) {
    Map<String, @Nullable String> schemas = new HashMap<>();
    schemas.put(type, schema);
    world.memory.describe(schemas);
  }

  private PayloadCheck compile(String schema) {
    compiled.incrementAndGet();
    if (schema.equals("broken")) {
      throw new IllegalArgumentException("no schema");
    }
    return only(schema);
  }

  private static PayloadCheck only(String text) {
    return payload -> {
      if (!payload.equals(text)) {
        throw new InvalidPayloadException("", "must be " + text);
      }
    };
  }
}
