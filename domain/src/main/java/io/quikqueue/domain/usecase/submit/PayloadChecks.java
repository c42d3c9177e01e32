package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.PayloadCheck;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses payloads that no handler of their type could use. What a worker put into the store goes
 * before what this process knows by itself; the store is asked at most once a second, and while it
 * cannot be reached what was known before holds. A schema that cannot be used refuses nothing.
 */
public final class PayloadChecks {

  private static final Logger LOG = System.getLogger(PayloadChecks.class.getName());
  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  /** A payload in parts takes many times its size, and its check a core: one such at a time. */
  private static final int LONG_PAYLOAD = 16 << 10;

  private final Workers workers;
  private final Map<String, PayloadCheck> own;
  private final Function<String, PayloadCheck> compiler;
  private final Redaction redaction;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private final Semaphore longOne = new Semaphore(1, true);
  private volatile Map<String, Compiled> stored = Map.of();

  private record Compiled(String schema, @Nullable PayloadCheck check) {}

  /**
   * @param own checks by type, for types that the store has no schema of
   * @param compiler makes a check of a JSON Schema; throws {@link IllegalArgumentException}
   * @param redaction knows what is secret, for which no mask is taken
   * @param nanos monotonic time
   */
  public PayloadChecks(
      Workers workers,
      Map<String, PayloadCheck> own,
      Function<String, PayloadCheck> compiler,
      Redaction redaction,
      LongSupplier nanos) {
    this.workers = workers;
    this.own = Map.copyOf(own);
    this.compiler = compiler;
    this.redaction = redaction;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /**
   * Checks a job's payload.
   *
   * @throws InvalidPayloadException when no handler of its type could use it, or it has the mask of
   *     a secret in the place of the secret
   */
  public void check(JobSpec spec) {
    redaction.requireNoMask(spec);
    checkResolved(spec);
  }

  /**
   * Checks a payload into which results of other jobs were put, which nobody has written so.
   *
   * @throws InvalidPayloadException when no handler of its type could use it
   */
  public void checkResolved(JobSpec spec) {
    refresh();
    Compiled compiled = stored.get(spec.type());
    PayloadCheck check = compiled == null ? own.get(spec.type()) : compiled.check();
    if (check != null) {
      check(check, spec);
    }
  }

  /** The references of a workflow that would show what is secret. */
  List<Wrong> leaks(WorkflowSpec workflow) {
    return redaction.leaks(workflow);
  }

  private void check(PayloadCheck check, JobSpec spec) {
    boolean isLong = spec.payload().length() > LONG_PAYLOAD;
    if (isLong) {
      longOne.acquireUninterruptibly();
    }
    try {
      check.check(spec.payload());
    } finally {
      if (isLong) {
        longOne.release();
      }
    }
  }

  private void refresh() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before < REFRESH_NANOS || !asked.compareAndSet(before, now)) {
      return;
    }
    try {
      Map<String, Compiled> known = stored;
      Map<String, Compiled> fresh = new HashMap<>();
      workers.schemas().forEach((type, schema) -> fresh.put(type, compiled(type, schema, known)));
      stored = fresh;
    } catch (UnavailableException e) {
      // the submit that is checked finds out by itself
    }
  }

  private Compiled compiled(String type, String schema, Map<String, Compiled> known) {
    Compiled before = known.get(type);
    if (before != null && before.schema().equals(schema)) {
      return before;
    }
    try {
      return new Compiled(schema, compiler.apply(schema));
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "event=schema_unusable type={0} reason=\"{1}\" payloads=not_checked",
          type,
          e.getMessage());
      return new Compiled(schema, null);
    }
  }
}
