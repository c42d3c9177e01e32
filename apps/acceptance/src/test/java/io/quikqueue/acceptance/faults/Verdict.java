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
 * @param late how often a worker renewed its leases later than they last, because it or the ready
 *     queue stood still: what it held then may have run anew, which is no fault of the product
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
    long late,
    List<String> problems) {

  /**
   * Fails unless nothing was lost, nothing ran that should not, and no job ran too often.
   *
   * @param faults how many more times than without faults a job may have run at most, by what the
   *     row does
   */
  void holds(int faults) {
    assertThat(problems).as(toString()).isEmpty();
    assertThat(lost).as("lost").isZero();
    assertThat(unexpected).as("unexpected").isZero();
    assertThat(most)
        .as("runs of one job beyond its own: %s", this)
        .isLessThanOrEqualTo(Math.toIntExact(faults + late));
    assertThat(accepted).as("accepted, else this shows nothing").isPositive();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "submitted=%d accepted=%d unknown=%d done=%d failed=%d lost=%d unexpected=%d"
            + " duplicated=%d most=%d stale=%d late=%d%s",
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
        late,
        problems.isEmpty() ? "" : " problems=" + problems);
  }
}
