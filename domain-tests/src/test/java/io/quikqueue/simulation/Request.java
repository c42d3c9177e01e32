package io.quikqueue.simulation;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.usecase.submit.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;

/** Random requests. The payload tells the key they were sent with. */
final class Request {

  /** Every worker has the first, and not every one the second. */
  static final Set<String> TYPES = Set.of("work", "rare");

  private static final int KEYS = 3;

  private Request() {}

  static JobRequest random(SplittableRandom random, Instant now) {
    boolean keyed = random.nextInt(3) > 0;
    String name = keyed ? "key-" + random.nextInt(KEYS) : "none";
    Policy policy =
        new Policy(
            1 + random.nextInt(3),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            null,
            Duration.ofSeconds(60),
            1 + random.nextInt(3));
    JobSpec spec =
        JobSpec.builder(random.nextInt(4) == 0 ? "rare" : "work", '"' + name + '"')
            .queue(random.nextBoolean() ? "a" : "b")
            .priority(random.nextInt(10))
            .deadline(random.nextInt(4) == 0 ? now.plusMillis(1 + random.nextInt(20_000)) : null)
            .policy(policy)
            .orderingKey(random.nextInt(4) == 0 ? "line" : null)
            .build();
    return new JobRequest(
        spec,
        null,
        random.nextInt(4) == 0 ? Duration.ofSeconds(random.nextInt(20)) : null,
        keyed ? Jobs.aKey(name, random.nextInt(8) == 0 ? 1 : 0) : null);
  }

  static boolean unkeyed(String payload) {
    return payload.equals("\"none\"");
  }
}
