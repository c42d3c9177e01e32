package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.CappedLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Counts the requests that were refused to their callers, and tells of them in the log, at most 120
 * a minute. Safe for use by several threads.
 */
public final class RefusedAccess {

  private static final Logger LOG = System.getLogger(RefusedAccess.class.getName());

  private final Meter meter;
  private final CappedLog log;

  /** Why a request was refused. */
  public enum Reason {
    /** No key was sent, or several. */
    NO_KEY,
    /** What was sent cannot be a key. */
    MALFORMED,
    /** No key that counts has this id: there was none, or it was revoked. */
    UNKNOWN_OR_REVOKED,
    /** The key is there, with another secret. */
    WRONG_SECRET,
    EXPIRED,
    /** The caller's role does not allow it. */
    ROLE,
    /** It is outside the caller's scope, or not there. */
    SCOPE,
    /** The caller has used up a quota. These are many, and not in the log. */
    QUOTA;

    /** As metrics and the log have it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param nanos monotonic time
   */
  public RefusedAccess(Meter meter, LongSupplier nanos) {
    this(meter, nanos, LOG::log);
  }

  RefusedAccess(Meter meter, LongSupplier nanos, BiConsumer<Level, String> out) {
    this.meter = meter;
    this.log = new CappedLog("access_refused", Level.INFO, nanos, out);
  }

  /**
   * Notes a refusal.
   *
   * @param caller who is not known where no key was accepted
   */
  public void note(Reason reason, Caller caller) {
    meter.accessRefused(reason.label());
    if (reason != Reason.QUOTA) {
      log.tell(
          () ->
              "event=access_refused reason=%s by=%s from=%s"
                  .formatted(reason.label(), caller.id(), caller.address()));
    }
  }

  /** Says how many lines were left out, when it is time to. */
  void tellLeftOut() {
    log.tellLeftOut();
  }
}
