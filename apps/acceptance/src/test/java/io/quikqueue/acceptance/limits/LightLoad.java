package io.quikqueue.acceptance.limits;

import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits one job after the other, some twenty a second, whatever becomes of it. */
final class LightLoad implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int EVERY_MS = 50;
  private static final int ACCEPTED = 202;

  private final Http http;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failures = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("load").factory());

  private LightLoad(App api) {
    this.http = api.http();
  }

  static LightLoad on(App api) {
    LightLoad load = new LightLoad(api);
    load.clock.scheduleWithFixedDelay(load::submit, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    return load;
  }

  private void submit() {
    try {
      Http.Answer answer = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":{\"a\":1}}");
      if (answer.status() == ACCEPTED) {
        accepted.add(answer.string("id").replace("-", ""));
      } else {
        failures.incrementAndGet();
      }
    } catch (UncheckedIOException e) {
      failures.incrementAndGet();
    }
  }

  /** Waits until this many more were accepted. */
  void awaitAccepted(int more) {
    int wanted = accepted.size() + more;
    await(more + " more accepted").atMost(PATIENCE).until(() -> accepted.size() >= wanted);
  }

  /** Submits no more. */
  void end() {
    clock.close();
  }

  /** The ids of the jobs that were answered with 202, in hexadecimal. */
  Set<String> accepted() {
    return accepted;
  }

  /** Submits that were refused or came to nothing. */
  int failures() {
    return failures.get();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
