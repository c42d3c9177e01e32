package io.quikqueue.domain.audit;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record of the audit log. Nothing of it is secret, and nothing is of a request's body.
 *
 * @param id tells the time, to a millisecond
 * @param caller the id of an account, or of nobody
 * @param address where the caller called from
 * @param action the operation of the API
 * @param target what it was done to, as the path names it or the answer; null = nothing is named
 * @param status of the answer; null = it is not known: the request goes on, or its process died
 * @param reason why the caller was refused; null = it was not
 * @param requests how many requests it stands for
 */
public record AuditRecord(
    JobId id,
    AuditKind kind,
    String caller,
    String address,
    String action,
    @Nullable String target,
    @Nullable Integer status,
    @Nullable String reason,
    int requests) {

  /** Characters of a caller or a target. */
  public static final int MOST_CHARS = 200;

  /** Characters of an action, an address or a reason. */
  public static final int MOST_WORD_CHARS = 64;

  public AuditRecord {
    requireAtMost(caller, MOST_CHARS);
    requireAtMost(address, MOST_WORD_CHARS);
    requireAtMost(action, MOST_WORD_CHARS);
    requireAtMost(target, MOST_CHARS);
    requireAtMost(reason, MOST_WORD_CHARS);
    if (requests < 1) {
      throw new IllegalArgumentException("a record stands for a request at least");
    }
  }

  private static void requireAtMost(@Nullable String text, int chars) {
    if (text != null && text.length() > chars) {
      throw new IllegalArgumentException("a text of a record is too long: " + text.length());
    }
  }

  /** A change that is about to be made. */
  public static AuditRecord begun(
      JobId id,
      AuditKind kind,
      String caller,
      String address,
      String action,
      @Nullable String target) {
    return new AuditRecord(id, kind, caller, address, action, target, null, null, 1);
  }

  /** When it was written, by the store's clock. */
  public Instant at() {
    return JobIds.madeAt(id);
  }

  /** The same with what became of it. */
  public AuditRecord finished(int outcome, @Nullable String named) {
    return new AuditRecord(
        id,
        kind,
        caller,
        address,
        action,
        target == null ? named : target,
        outcome,
        reason,
        requests);
  }

  /** A text with as many of its characters as there is room for. */
  public static String cut(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
    return text.substring(0, end);
  }
}
