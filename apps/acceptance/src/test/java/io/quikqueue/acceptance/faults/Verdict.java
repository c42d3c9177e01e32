package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;

/**
 * What became of a load.
 *
 * @param submitted jobs that a client asked for
 * @param accepted of them those answered with 202
 * @param unknown of them those whose client never learned whether they were accepted
 * @param done jobs that ended DONE
 * @param failed jobs that ended FAILED
 * @param lost accepted jobs that did not end, or are DONE without an effect
 * @param unexpected jobs and runs that no client asked for or that a client was told do not exist
 * @param duplicated runs beyond those that a job without a fault would have had
 * @param most the most such runs of one job
 * @param stale results of attempts that were no longer the job's, refused
 * @param problems what was found wrong, the first of each kind
 */
record Verdict(
    int submitted,
    int accepted,
    int unknown,
    int done,
    int failed,
    int lost,
    int unexpected,
    int duplicated,
    int most,
    long stale,
    List<String> problems) {

  /** Fails unless nothing was lost, nothing ran that should not, and no job ran too often. */
  void holds(int faults) {
    assertThat(problems).as(toString()).isEmpty();
    assertThat(lost).as("lost").isZero();
    assertThat(unexpected).as("unexpected").isZero();
    assertThat(most).as("runs of one job beyond its own: %s", this).isLessThanOrEqualTo(faults);
    assertThat(accepted).as("accepted, else this shows nothing").isPositive();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "submitted=%d accepted=%d unknown=%d done=%d failed=%d lost=%d unexpected=%d"
            + " duplicated=%d most=%d stale=%d%s",
        submitted,
        accepted,
        unknown,
        done,
        failed,
        lost,
        unexpected,
        duplicated,
        most,
        stale,
        problems.isEmpty() ? "" : " problems=" + problems);
  }
}
