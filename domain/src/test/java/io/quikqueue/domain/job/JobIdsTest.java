package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class JobIdsTest {

  private static final long MILLIS = Samples.NOW.toEpochMilli();

  private long now = MILLIS;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);

  @Test
  void anIdIsAUuidOfVersionSevenWithTheTimeInFront() {
    JobIds ids = new JobIds(clock, new Random(1));
    for (int i = 0; i < 10_000; i++) {
      now += i % 3;
      JobId id = ids.next();
      assertThat(id.value().version()).isEqualTo(7);
      assertThat(id.value().variant()).isEqualTo(2);
      assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(now);
    }
  }

  @Test
  void idsRiseWhateverTheClockDoes() {
    JobIds ids = new JobIds(clock, new Random(2));
    Random steps = new Random(3);
    JobId before = ids.next();
    for (int i = 0; i < 100_000; i++) {
      now += steps.nextInt(10) == 0 ? steps.nextInt(-5000, 5000) : 0;
      JobId next = ids.next();
      assertThat(next.compareTo(before)).isPositive();
      before = next;
    }
  }

  @Test
  void theTimeInFrontDoesNotStepBack() {
    JobIds ids = new JobIds(clock, new Random(4));
    ids.next();
    now -= 3_600_000;

    assertThat(ids.next().value().getMostSignificantBits() >>> 16).isEqualTo(MILLIS);
  }

  @Test
  void idsRiseWhenTheCounterRunsOver() {
    JobIds ids = new JobIds(clock, new Random(7));
    JobId before = ids.next();
    for (int i = 1; i < 10_000; i++) {
      JobId next = ids.next();
      assertThat(next).isGreaterThan(before);
      assertThat(next.value().version()).isEqualTo(7);
      before = next;
    }
    assertThat(before.value().getMostSignificantBits() >>> 16).isEqualTo(MILLIS + 2);
  }

  /** 62 bits are new in each: were fewer, some bit would seldom change between neighbours. */
  @Test
  void neighboursShareNoRandomBits() {
    JobIds ids = new JobIds(clock, new Random(5));
    int[] changed = new int[Long.SIZE];
    int pairs = 10_000;
    long before = ids.next().value().getLeastSignificantBits();
    for (int i = 0; i < pairs; i++) {
      long next = ids.next().value().getLeastSignificantBits();
      for (int bit = 0; bit < Long.SIZE; bit++) {
        changed[bit] += (int) ((before ^ next) >>> bit) & 1;
      }
      before = next;
    }
    for (int bit = 0; bit < 62; bit++) {
      assertThat(changed[bit]).as("bit %s", bit).isBetween(pairs * 9 / 20, pairs * 11 / 20);
    }
    assertThat(Arrays.copyOfRange(changed, 62, 64)).containsOnly(0);
  }

  @Test
  void threadsNeverGetTheSameId() throws InterruptedException, ExecutionException {
    JobIds ids = new JobIds(clock, new Random(6));
    Set<JobId> all = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<JobId>>> parts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        parts.add(
            threads.submit(
                () -> {
                  List<JobId> part = new ArrayList<>();
                  for (int j = 0; j < 20_000; j++) {
                    part.add(ids.next());
                  }
                  return part;
                }));
      }
      for (Future<List<JobId>> part : parts) {
        assertThat(part.get()).isSorted();
        all.addAll(part.get());
      }
    }
    assertThat(all).hasSize(80_000);
  }

  @Test
  void theFloorSplitsIdsByAge() {
    JobIds ids = new JobIds(clock, () -> 0L);
    now = MILLIS - 1;
    JobId older = ids.next();
    now = MILLIS;
    JobId younger = ids.next();

    assertThat(JobIds.floor(clock.instant())).isGreaterThan(older).isLessThanOrEqualTo(younger);
    assertThat(JobIds.floor(Instant.ofEpochMilli(-1))).isLessThan(older);
  }
}
