package io.quikqueue.simulation;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a history. Each call may meet a fault before or after it took effect, and lets
 * others act before it; the ledger hears of what it did.
 */
final class FaultyPorts {

  /** How long a call takes. */
  private static final Duration CALL = Duration.ofNanos(1000);

  /** What a call meets. */
  private enum Fault {
    NONE,
    REQUEST_LOST,
    REPLY_LOST,
    CRASH_BEFORE,
    CRASH_AFTER
  }

  private final Simulation world;
  private final int faultsPerThousand;
  private final int othersPerThousand;

  /**
   * @param faultsPerThousand calls that meet a fault
   * @param othersPerThousand calls before which somebody else acts
   */
  FaultyPorts(Simulation world, int faultsPerThousand, int othersPerThousand) {
    this.world = world;
    this.faultsPerThousand = faultsPerThousand;
    this.othersPerThousand = othersPerThousand;
  }

  /** The port that calls this target. */
  <T> T of(Class<T> type, Object target) {
    InvocationHandler handler = (_, method, args) -> call(target, method, args);
    return type.cast(
        Proxy.newProxyInstance(FaultyPorts.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private @Nullable Object call(Object target, Method method, Object[] args) throws Throwable {
    if (world.settling()) {
      return invoke(target, method, args);
    }
    if (world.mayBeInterrupted() && world.random.nextInt(1000) < othersPerThousand) {
      world.somebodyActs();
    }
    Fault fault = fault();
    switch (fault) {
      case NONE, REPLY_LOST, CRASH_AFTER -> {}
      case REQUEST_LOST -> {
        world.trace("%s: request lost", method.getName());
        throw new UnavailableException("server", "a request got lost");
      }
      case CRASH_BEFORE -> throw new Crash();
    }
    Object answer = invoke(target, method, args);
    switch (fault) {
      case NONE, REQUEST_LOST, CRASH_BEFORE -> {}
      case REPLY_LOST -> {
        world.trace("%s: reply lost", method.getName());
        throw new UnavailableException("server", "a reply got lost");
      }
      case CRASH_AFTER -> throw new Crash();
    }
    return answer;
  }

  private Fault fault() {
    if (world.random.nextInt(1000) >= faultsPerThousand) {
      return Fault.NONE;
    }
    world.ledger.fault();
    return switch (world.random.nextInt(4)) {
      case 0 -> Fault.REQUEST_LOST;
      case 1 -> Fault.REPLY_LOST;
      case 2 -> Fault.CRASH_BEFORE;
      default -> Fault.CRASH_AFTER;
    };
  }

  private Object invoke(Object target, Method method, Object[] args) throws Throwable {
    long tick = world.ledger.tick();
    world.clock.advance(CALL);
    Object answer;
    try {
      answer = method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (world.traced()) {
      List<Object> given = args == null ? List.of() : Arrays.asList(args);
      world.trace("%s %s -> %s", method.getName(), Brief.of(given), Brief.of(answer));
    }
    observe(method.getName(), args, answer, tick);
    return answer;
  }

  private void observe(String method, Object[] args, Object answer, long tick) {
    Ledger ledger = world.ledger;
    switch (method) {
      case "submit" ->
          ledger.written(
              ((List<?>) answer)
                  .stream()
                      .filter(SubmitResult.Accepted.class::isInstance)
                      .map(stored -> ((SubmitResult.Accepted) stored).job().id())
                      .toList());
      case "save" -> {
        ledger.written(
            ((List<?>) args[0])
                .stream().map(change -> ((Transition) change).after().id()).toList());
        ledger.written(((SaveResult) answer).ready().stream().map(Job::id).toList());
      }
      case "reclaimExpired" ->
          ledger.reclaimed(
              ((List<?>) answer).stream().map(lease -> ((ExpiredLease) lease).attempt()).toList());
      case "take" -> {
        ledger.taken(attempts(answer));
        if (world.actor() instanceof WorkerProcess worker) {
          worker.took(tick);
        }
      }
      case "current" -> {
        if (world.actor() instanceof WorkerProcess worker) {
          worker.looked(tick);
        }
      }
      default -> {}
    }
  }

  private static List<AttemptId> attempts(Object jobs) {
    return ((List<?>) jobs).stream().map(job -> ((Job) job).attemptId()).toList();
  }
}
