package io.quikqueue.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedAttemptsTest {

  private static JobId id(Random random) {
    return new JobId(new UUID(random.nextLong(), random.nextLong()));
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(new FinishedAttempts(10, 5).find(id(new Random(1)))).isZero();
  }

  @Test
  void theLastOfAJobsAttemptsCounts() {
    FinishedAttempts finished = new FinishedAttempts(10, 5);
    JobId id = id(new Random(2));

    finished.add(id, 1, 0);
    finished.add(id, 2, 3);
    finished.expire(5);

    assertThat(finished.find(id)).isEqualTo(2);
    finished.expire(8);
    assertThat(finished.find(id)).isZero();
  }

  /** Against a list of what was added, with few ids so that they come again and again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_024, 3_000})
  void remembersTheLatestUpToItsCapacityAndItsTime(int capacity) {
    Random random = new Random(capacity);
    FinishedAttempts finished = new FinishedAttempts(capacity, 500);
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 2 * capacity; i++) {
      ids.add(id(random));
    }
    record Added(JobId id, int number, long until) {}
    Deque<Added> expected = new ArrayDeque<>();
    long now = -10_000;
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(3);
      JobId id = ids.get(random.nextInt(ids.size()));
      finished.expire(now);
      while (!expected.isEmpty() && now >= expected.getFirst().until()) {
        expected.removeFirst();
      }
      if (random.nextInt(4) > 0) {
        int number = 1 + random.nextInt(5);
        finished.add(id, number, now);
        if (expected.size() == capacity) {
          expected.removeFirst();
        }
        expected.addLast(new Added(id, number, now + 500));
      }
      if (step % 97 == 0) {
        Map<JobId, Integer> latest = new HashMap<>();
        expected.forEach(each -> latest.put(each.id(), each.number()));
        for (JobId each : ids) {
          assertThat(finished.find(each)).isEqualTo(latest.getOrDefault(each, 0));
        }
      }
    }
  }
}
