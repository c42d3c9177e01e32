package io.quikqueue.acceptance.faults;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.quikqueue.acceptance.Project;
import io.quikqueue.contracts.Seeds;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults at random under a steady load. {@code ./quikqueue chaos --seed N --minutes M} runs it; the
 * same seed injects the same faults in the same order.
 */
@ClusterTest
final class ChaosTest {

  /** For the start, for the fault that is healed last, and until all is quiet. */
  private static final Duration REST = Duration.ofMinutes(20);

  private final Cluster cluster;

  ChaosTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.DAYS) // how long it takes is said by who starts it
  void nothingIsLostWhateverHappens() {
    long seed = Long.getLong(Seeds.PROPERTY, 1);
    Duration time = Duration.ofSeconds(Integer.getInteger("quikqueue.seconds", 120));
    System.out.println("chaos: seed " + seed + ", " + time.toSeconds() + " seconds");
    try {
      assertTimeoutPreemptively(time.plus(REST), () -> run(seed, time));
    } catch (Throwable e) {
      Project.keepLogs(cluster.folder(), "chaos");
      System.out.println("chaos: seed " + seed + " failed, see " + Project.keep("chaos-" + seed));
      throw e;
    }
  }

  private void run(long seed, Duration time) throws Exception {
    try (Cluster.Added api = cluster.add(Role.API);
        Cluster.Added worker = cluster.add(Role.WORKER);
        Round round = new Round(cluster, "chaos" + seed, seed)) {
      System.out.println("chaos: starting another api and worker, and the load");
      api.app().start();
      worker.app().start();
      round.load().start(FaultTest.RATE);
      round.awaitRuns(FaultTest.RATE);
      int faults = new Chaos(cluster, seed).run(round, time);
      System.out.println("chaos: no more faults; waits until all is quiet, then checks every job");
      Verdict verdict = round.judge();
      System.out.println("chaos: seed " + seed + ", " + faults + " faults, " + verdict);
      verdict.holds(faults);
    }
  }
}
