package io.quikqueue.http;

import io.quikqueue.domain.port.PostponedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Circuit circuits} of the destinations called lately: of each host (scheme, name, port)
 * for connections that fail, of each path for calls that are not served, and of the paths with one
 * first segment for when many of them are not. Bounded; safe for use by several threads.
 */
final class Circuits {

  private static final Logger log = LoggerFactory.getLogger(Circuits.class);
  private static final int MOST_KEY_CHARS = 500;
  private static final Duration MARGIN = Duration.ofMillis(5);

  private final HttpConfig config;
  private final LongSupplier nanos;
  private final DoubleSupplier random;
  private final Map<String, Circuit> byKey = new LinkedHashMap<>(16, 0.75f, true);

  Circuits(HttpConfig config) {
    this(config, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
  }

  Circuits(HttpConfig config, LongSupplier nanos, DoubleSupplier random) {
    this.config = config;
    this.nanos = nanos;
    this.random = random;
  }

  /** What a circuit stands for, and how that is called where people read it. */
  private enum Scope {
    HOST(""),
    PREFIX("paths like this of "),
    PATH("this path of ");

    private final String words;

    Scope(String words) {
      this.words = words;
    }
  }

  private record Passage(Scope scope, Circuit circuit, boolean probe) {}

  /**
   * Asks leave to make a call. What comes of it is to be told to the permit.
   *
   * @throws PostponedException when the call has to wait
   */
  synchronized Permit enter(HttpCall call) throws PostponedException {
    String path = call.origin() + call.url().path();
    String pathKey = path.substring(0, Math.min(path.length(), MOST_KEY_CHARS));
    Map<Scope, Circuit> circuits = new EnumMap<>(Scope.class);
    circuits.put(Scope.HOST, of(call.origin(), 1));
    circuits.put(Scope.PREFIX, of(prefix(call), Math.max(2, config.getBreakerFailures() / 2)));
    circuits.put(Scope.PATH, of(pathKey, 1));
    long now = nanos.getAsLong();
    for (Map.Entry<Scope, Circuit> each : circuits.entrySet()) {
      if (!each.getValue().lets(now)) {
        throw postponed(call, each.getKey(), each.getValue(), now, null);
      }
    }
    List<Passage> passages = new ArrayList<>(3);
    circuits.forEach(
        (scope, circuit) -> passages.add(new Passage(scope, circuit, circuit.begin())));
    return new Permit(call, pathKey, passages);
  }

  private static String prefix(HttpCall call) {
    String path = call.url().path();
    int end = path.indexOf('/', 1);
    String first = end < 0 ? path : path.substring(0, end);
    return call.origin() + first.substring(0, Math.min(first.length(), MOST_KEY_CHARS)) + "/*";
  }

  private Circuit of(String key, int leastMembers) {
    Circuit circuit = byKey.computeIfAbsent(key, _ -> new Circuit(config, leastMembers, random));
    if (byKey.size() > config.getMaxBreakers()) {
      byKey.remove(byKey.keySet().iterator().next());
    }
    return circuit;
  }

  private static PostponedException postponed(
      HttpCall call, Scope scope, Circuit circuit, long now, @Nullable String answer) {
    String reason =
        circuit.askedToWait()
            ? call.origin() + " asked to wait (Retry-After)"
            : "the circuit of %s%s is open after %d failed calls"
                .formatted(scope.words, call.origin(), circuit.failures());
    return new PostponedException(Duration.ofNanos(circuit.hold(now)).plus(MARGIN), reason, answer);
  }

  /** Leave to make one call. The first that is told of it counts; closing it tells of nothing. */
  final class Permit implements AutoCloseable {

    private final HttpCall call;
    private final String path;
    private final List<Passage> passages;
    private boolean told;

    private Permit(HttpCall call, String path, List<Passage> passages) {
      this.call = call;
      this.path = path;
      this.passages = passages;
    }

    /** The destination answered and can be called. */
    void served() {
      tell((passage, _) -> passage.circuit().served(passage.probe()));
    }

    /** No connection could be made. */
    void unreachable() {
      tell(
          (passage, now) -> {
            if (passage.scope() == Scope.HOST) {
              passage.circuit().failed(passage.probe(), path, null, true, now);
            } else {
              passage.circuit().dropped(passage.probe());
            }
          });
    }

    /** The host is there, but did not serve the call. */
    void failed() {
      failed(null);
    }

    /**
     * The destination answered that it is to be called later.
     *
     * @param answer for people
     * @param ofAll whether it means all calls to it
     * @return what to tell the worker
     */
    PostponedException askedToWait(Duration wait, String answer, boolean ofAll) {
      failed(wait.toNanos());
      synchronized (Circuits.this) {
        Circuit circuit = passages.getLast().circuit();
        Duration left = Duration.ofNanos(circuit.left(nanos.getAsLong()));
        PostponedException put = postponed(call, Scope.PATH, circuit, nanos.getAsLong(), answer);
        return ofAll
            ? PostponedException.askedByDestination(put.waitTime(), put.reason(), answer, left)
            : put;
      }
    }

    private void failed(@Nullable Long wait) {
      tell(
          (passage, now) -> {
            boolean ofPath = passage.scope() == Scope.PATH;
            switch (passage.scope()) {
              case HOST -> passage.circuit().served(passage.probe());
              case PREFIX, PATH ->
                  passage.circuit().failed(passage.probe(), path, wait, ofPath, now);
            }
          });
    }

    @Override
    public void close() {
      tell((passage, _) -> passage.circuit().dropped(passage.probe()));
    }

    private void tell(Telling telling) {
      synchronized (Circuits.this) {
        if (told) {
          return;
        }
        told = true;
        long now = nanos.getAsLong();
        for (Passage passage : passages) {
          boolean before = passage.circuit().isOpen();
          telling.tell(passage, now);
          if (before != passage.circuit().isOpen()) {
            report(passage);
          }
        }
      }
    }

    /** Of the URL only its origin may be logged. */
    private void report(Passage passage) {
      boolean opened = passage.circuit().isOpen();
      log.atLevel(opened ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
          .log(
              "event=http_circuit_{} origin={} scope={}",
              opened ? "opened" : "closed",
              call.origin(),
              passage.scope());
    }
  }

  @FunctionalInterface
  private interface Telling {
    void tell(Passage passage, long now);
  }
}
