package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.AuditLog.Outcome;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.audit.RefusalCounts.Refusal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit log. A record of a change is durable before the change is made; what became of
 * it follows within a second, and never if the process dies before. Refusals are counted for a
 * minute, and those of the last minute go with the process. Safe for use by several threads.
 */
public final class AuditTrail implements AutoCloseable {

  /** How often a minute one caller may change their own account. */
  public static final int MOST_OWN_CHANGES = 30;

  private static final Logger LOG = System.getLogger(AuditTrail.class.getName());
  private static final int MOST_OUTCOMES = 10_000;
  private static final int OUTCOMES_AT_ONCE = 500;
  private static final int MOST_BATCHES = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final AuditLog log;
  private final JobIds ids;
  private final LongSupplier nanos;
  private final SharedAppends beginning;
  private final BlockingQueue<Outcome> outcomes = new ArrayBlockingQueue<>(MOST_OUTCOMES);
  private final AtomicLong lost = new AtomicLong();
  private final RefusalCounts refusals = new RefusalCounts();

  /** Apart, so that strangers of many networks hide no caller who is known. */
  private final RefusalCounts ofStrangers = new RefusalCounts();

  private final OwnChanges own;
  private final ReentrantLock writing = new ReentrantLock();
  private long refusalsDue; // guarded by the lock
  private List<AuditRecord> unwritten = List.of(); // likewise

  /**
   * @param ids by the store's clock
   * @param nanos monotonic time
   */
  public AuditTrail(AuditLog log, JobIds ids, LongSupplier nanos) {
    this(log, ids, nanos, PATIENCE);
  }

  /**
   * @param patience how long a change waits for others to be written
   */
  AuditTrail(AuditLog log, JobIds ids, LongSupplier nanos, Duration patience) {
    this.log = log;
    this.ids = ids;
    this.nanos = nanos;
    this.refusalsDue = nanos.getAsLong() + MINUTE;
    this.beginning = new SharedAppends(log, patience);
    this.own = new OwnChanges(nanos);
  }

  /**
   * Writes that a change is about to be made, and returns when that is durable.
   *
   * @param target what it is made to; null = the answer will name it, or nothing does
   * @return to be given to {@link #finish}
   * @throws UnavailableException when it could not be written: the change must not be made
   * @throws io.quikqueue.domain.batch.OverloadedException likewise, since too many wait
   */
  public JobId begin(Caller caller, AuditKind kind, String action, @Nullable String target) {
    return written(
        AuditRecord.begun(ids.next(), kind, who(caller), address(caller), action, target(target)),
        caller.countedAs());
  }

  /**
   * Whether a caller may change something that everybody may change who is known at all, their own
   * account; counts that they tried, for each action apart. Whoever may only read fills the log
   * with no more than this.
   */
  public boolean mayChangeOwn(Caller caller, String action) {
    return own.tryAdd(caller.countedAs() + " " + action);
  }

  /**
   * Writes that a user has signed in, and returns when that is durable.
   *
   * @param caller at whose address
   * @throws UnavailableException when it could not be written: the user must not get a token
   * @throws io.quikqueue.domain.batch.OverloadedException likewise, since too many wait
   */
  public void signedIn(Caller caller, String userId, String action, int status) {
    written(
        AuditRecord.begun(
                ids.next(),
                AuditKind.SIGN_IN,
                Caller.idOfUser(userId),
                address(caller),
                action,
                null)
            .finished(status, null),
        caller.countedAs());
  }

  private JobId written(AuditRecord record, String by) {
    beginning.append(record, by);
    return record.id();
  }

  private static String who(Caller caller) {
    return AuditRecord.cut(caller.id(), AuditRecord.MOST_CHARS);
  }

  private static String address(Caller caller) {
    return AuditRecord.cut(caller.address(), AuditRecord.MOST_WORD_CHARS);
  }

  private static @Nullable String target(@Nullable String target) {
    return target == null ? null : AuditRecord.cut(target, AuditRecord.MOST_CHARS);
  }

  /**
   * Tells what became of a change; returns at once.
   *
   * @param status of the answer
   * @param named what the answer names, which is the target if there was none; null = nothing
   */
  public void finish(JobId record, int status, @Nullable String named) {
    if (!outcomes.offer(new Outcome(record, status, target(named)))) {
      lost.incrementAndGet();
    }
  }

  /**
   * Counts a refusal; returns at once.
   *
   * @param action what the caller wanted to do, as far as it is known
   * @param reason a word
   * @param status of the answer
   */
  public void refused(Caller caller, String action, String reason, int status) {
    (caller.isAnonymous() ? ofStrangers : refusals)
        .add(
            new Refusal(caller.id(), caller.address(), action, reason, status), caller.countedAs());
  }

  /**
   * Writes the outcomes that wait, and once a minute the refusals; to be called twice a second.
   *
   * @throws UnavailableException then what is to be written is kept for the next call
   */
  public void write() {
    write(false);
  }

  /**
   * Writes the outcomes that wait, unless somebody else is writing.
   *
   * @throws UnavailableException then they are kept for the next call
   */
  void writeOutcomesIfFree() {
    if (writing.tryLock()) {
      try {
        writeOutcomes();
      } finally {
        writing.unlock();
      }
    }
  }

  /**
   * Writes all that this process knows.
   *
   * @throws UnavailableException then what is to be written is kept for the next call
   */
  public void writeAll() {
    write(true);
  }

  private void write(boolean all) {
    writing.lock();
    try {
      writeOutcomes();
      long now = nanos.getAsLong();
      if (all || now - refusalsDue >= 0) {
        writeRefusals();
        refusalsDue = now + MINUTE;
      }
    } finally {
      writing.unlock();
    }
    long left = lost.getAndSet(0);
    if (left > 0) {
      LOG.log(Level.WARNING, () -> "event=audit_outcomes_lost records=" + left);
    }
  }

  private void writeOutcomes() {
    List<Outcome> batch = new ArrayList<>();
    for (int i = 0; i < MOST_BATCHES && outcomes.drainTo(batch, OUTCOMES_AT_ONCE) > 0; i++) {
      try {
        log.finish(batch);
      } catch (RuntimeException e) {
        batch.forEach(each -> finish(each.id(), each.status(), each.target()));
        throw e;
      }
      batch.clear();
    }
  }

  /** Records that may have been written although the answer was lost keep their ids. */
  private void writeRefusals() {
    if (unwritten.isEmpty()) {
      List<AuditRecord> records = new ArrayList<>();
      for (RefusalCounts each : List.of(refusals, ofStrangers)) {
        each.take().forEach((refusal, requests) -> records.add(record(refusal, requests)));
      }
      unwritten = records;
    }
    log.append(unwritten);
    unwritten = List.of();
  }

  private AuditRecord record(Refusal refusal, int requests) {
    return new AuditRecord(
        ids.next(),
        AuditKind.REFUSAL,
        refusal.caller(),
        refusal.address(),
        refusal.action(),
        null,
        refusal.status(),
        refusal.reason(),
        requests);
  }

  /** Writes what waits, if the store is there. */
  @Override
  public void close() {
    beginning.close();
    try {
      writeAll();
    } catch (UnavailableException e) {
      LOG.log(Level.WARNING, "event=audit_not_written reason=store_away");
    }
  }
}
