package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.JobState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a waiting node knows of what it needs. It is decided once, when the last of them has ended:
 * so what becomes of it does not depend on which ends first.
 *
 * @param open how many have not ended
 * @param skipped how many were skipped
 * @param cause of the first that did not succeed, for people; null while there is none
 */
public record Needs(
    RunIf runIf, int open, int succeeded, int failed, int skipped, @Nullable String cause) {

  /** What becomes of the node. */
  public enum Verdict {
    WAIT,
    RUN,
    SKIP
  }

  public Needs {
    if (open < 0 || succeeded < 0 || failed < 0 || skipped < 0) {
      throw new IllegalArgumentException("a node cannot need fewer than no others");
    }
  }

  /** Of a node that needs this many, none of which has ended. */
  public static Needs of(RunIf runIf, int count) {
    return new Needs(runIf, count, 0, 0, 0, null);
  }

  /**
   * After one of them has ended.
   *
   * @param name of the node that ended
   * @param end how
   * @param optional whether its failure counts as success
   */
  public Needs after(String name, JobState end, boolean optional) {
    NodeOutcome outcome = NodeOutcome.of(end, optional);
    return new Needs(
        runIf,
        open - 1,
        succeeded + (outcome == NodeOutcome.SUCCEEDED ? 1 : 0),
        failed + (outcome == NodeOutcome.FAILED ? 1 : 0),
        skipped + (outcome == NodeOutcome.SKIPPED ? 1 : 0),
        cause != null || outcome == NodeOutcome.SUCCEEDED ? cause : said(name, end));
  }

  private static String said(String name, JobState end) {
    String how = end.name().toLowerCase(Locale.ROOT);
    return name + (end == JobState.FAILED || end == JobState.EXPIRED ? " " : " was ") + how;
  }

  /** What the node does now. */
  public Verdict verdict() {
    if (open > 0) {
      return Verdict.WAIT;
    }
    boolean runs =
        switch (runIf) {
          case ALL_SUCCEEDED -> failed + skipped == 0;
          case NONE_FAILED -> failed == 0;
          case ALL_FINISHED -> true;
          case ANY_SUCCEEDED -> succeeded > 0;
          case ANY_FAILED -> failed > 0;
        };
    return runs ? Verdict.RUN : Verdict.SKIP;
  }

  /** Why the node is skipped, for people. */
  public String why() {
    return switch (runIf) {
      case ANY_FAILED -> "none of its needs failed";
      case ANY_SUCCEEDED -> "none of its needs succeeded";
      case ALL_SUCCEEDED, NONE_FAILED, ALL_FINISHED ->
          cause == null ? "its needs did not end as it wants" : cause;
    };
  }
}
