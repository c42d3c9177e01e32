package io.quikqueue.acceptance.faults;

import io.quikqueue.contracts.Seeds;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Faults at random under a steady load. {@code ./quikqueue chaos --seed N --minutes M} runs it; the
 * same seed injects the same faults in the same order.
 */
@Tag("faults")
@ExtendWith(OnCluster.class)
final class ChaosTest {

  private final Cluster cluster;

  ChaosTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void nothingIsLostWhateverHappens() throws Exception {
    long seed = Long.getLong(Seeds.PROPERTY, ThreadLocalRandom.current().nextInt(1_000_000));
    Duration time = Duration.ofMinutes(Integer.getInteger("quikqueue.minutes", 2));
    System.out.println("chaos: seed " + seed + ", " + time.toMinutes() + " minutes");
    App api = cluster.add(Role.API);
    App worker = cluster.add(Role.WORKER);
    try (Round round = new Round(cluster, "chaos" + seed, seed)) {
      api.start();
      worker.start();
      round.load().start(FaultTest.RATE);
      round.awaitRuns(FaultTest.RATE);
      int faults = new Chaos(cluster, seed).run(round, time);
      Verdict verdict = round.judge();
      System.out.println("chaos: seed " + seed + ", " + faults + " faults, " + verdict);
      verdict.holds(faults);
    } finally {
      cluster.heal();
      cluster.remove(worker);
      cluster.remove(api);
    }
  }
}
