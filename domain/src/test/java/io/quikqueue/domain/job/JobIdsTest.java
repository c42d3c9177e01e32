package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
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
  void idsRiseWhenTheRandomBitsRunOver() {
    RandomGenerator allOnes = () -> -1L;
    JobIds ids = new JobIds(clock, allOnes);
    JobId first = ids.next();
    JobId second = ids.next();
    JobId third = ids.next();

    assertThat(first.value().getLeastSignificantBits()).isEqualTo(0xBFFF_FFFF_FFFF_FFFFL);
    assertThat(second.compareTo(first)).isPositive();
    assertThat(third.compareTo(second)).isPositive();
    assertThat(second.value().version()).isEqualTo(7);
    assertThat(second.value().variant()).isEqualTo(2);
  }

  @Test
  void neighboursCannotBeGuessedByCounting() {
    JobIds ids = new JobIds(clock, new Random(5));
    Set<Long> gaps = new HashSet<>();
    JobId before = ids.next();
    for (int i = 0; i < 1000; i++) {
      JobId next = ids.next();
      gaps.add(next.value().getLeastSignificantBits() - before.value().getLeastSignificantBits());
      before = next;
    }
    assertThat(gaps).hasSizeGreaterThan(900);
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
  }
}
