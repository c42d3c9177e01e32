package io.quikqueue.domain.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {

  private static final long SECOND = 1_000_000_000;
  private static final Rate THIRDS = new Rate(3, Duration.ofSeconds(1), 3);

  private final TokenBucket bucket = new TokenBucket();

  @Test
  void aBurstIsThereAsAWholeHoweverItIsTaken() {
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.wait(THIRDS, 1, 0)).isZero();
      bucket.take(THIRDS, 1, 0);
    }
    assertThat(bucket.left(THIRDS, 0)).isZero();
    assertThat(bucket.wait(THIRDS, 1, 0)).isEqualTo(333_333_334);
    assertThat(bucket.wait(THIRDS, 2, 0)).isEqualTo(666_666_667);
    assertThat(bucket.wait(THIRDS, 3, 0)).isEqualTo(SECOND);
    assertThat(bucket.wait(THIRDS, 1_000, 0)).as("no more than fit").isEqualTo(SECOND);
    assertThat(bucket.wait(THIRDS, 1, 333_333_333)).isEqualTo(1);
    assertThat(bucket.wait(THIRDS, 1, 333_333_334)).isZero();
    assertThat(bucket.isFull(THIRDS, SECOND - 1)).isFalse();
    assertThat(bucket.isFull(THIRDS, SECOND)).isTrue();
  }

  @Test
  void aQueueStartsItsWholeBurstAtOnce() {
    Throttle throttle = new Throttle(1);
    Limits limits = new Limits(null, null, THIRDS, null, null, null, Map.of());
    throttle.apply(new LimitTable(1, Map.of("q", limits), Map.of()), 0);
    for (int i = 0; i < 3; i++) {
      assertThat(throttle.waitOfQueue("q", 1, 0)).isZero();
      throttle.started("q", "t", null, 1, 0);
    }
    assertThat(throttle.waitOfQueue("q", 1, 0)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "7, PT1S, 7",
    "1, PT0.001S, 1",
    "1000000, PT0.001S, 10",
    "999983, P1D, 1000000",
    "1, P1D, 1000000",
    "1000000, P1D, 1",
    "13, PT11H, 1000"
  })
  void asManyTokensComeAsTheRateHasToTheNanosecond(int tokens, Duration per, int burst) {
    Rate rate = new Rate(tokens, per, burst);
    Random random = new Random(burst);
    BigInteger taken = BigInteger.ZERO;
    long now = -SECOND; // monotonic time begins anywhere
    long began = now;
    bucket.take(rate, burst, now);
    for (int i = 0; i < 2_000; i++) {
      int asked = 1 + random.nextInt(Math.min(burst, 3));
      now += random.nextLong(bucket.wait(rate, asked, now) + 1);
      now += bucket.wait(rate, asked, now);
      assertThat(bucket.wait(rate, asked, now)).isZero();
      bucket.take(rate, asked, now);
      taken = taken.add(BigInteger.valueOf(asked));
      BigInteger needed = taken.multiply(BigInteger.valueOf(per.toNanos()));
      BigInteger passed = BigInteger.valueOf(now - began).multiply(BigInteger.valueOf(tokens));
      assertThat(passed).isGreaterThanOrEqualTo(needed);
      assertThat(passed.subtract(BigInteger.valueOf(2L * tokens))).isLessThan(needed);
    }
  }

  @Test
  void whatFillsInThousandsOfYearsIsNeverFullBefore() {
    Rate slow = new Rate(1, Duration.ofDays(1), 1_000_000);
    for (int i = 0; i < 5; i++) {
      bucket.take(slow, 1_000_000, 0);
    }
    long years = Duration.ofDays(70 * 365).toNanos();
    assertThat(bucket.wait(slow, 1, 0)).isGreaterThan(years);
    assertThat(bucket.left(slow, years)).isZero();
  }

  @Test
  void anotherRateKeepsWhatIsMissingOrWhatIsLeft() {
    bucket.take(THIRDS, 2, 0);
    Rate more = new Rate(7, Duration.ofSeconds(10), 100);
    bucket.change(THIRDS, more, SECOND / 6); // one and a half are missing
    assertThat(bucket.left(more, SECOND / 6)).isEqualTo(98);
    bucket.change(more, THIRDS, SECOND / 6);
    bucket.changeKeeping(THIRDS, more, SECOND / 6);
    assertThat(bucket.left(more, SECOND / 6)).isEqualTo(1);
    bucket.changeKeeping(more, THIRDS, SECOND / 6);
    assertThat(bucket.left(THIRDS, SECOND / 6)).isEqualTo(1);
    bucket.change(THIRDS, null, 0);
    assertThat(bucket.isFull(THIRDS, 0)).isTrue();
  }

  @Test
  void aTimeThatGoesBackBringsNothing() {
    bucket.take(THIRDS, 3, SECOND);
    assertThat(bucket.left(THIRDS, 0)).isZero();
    assertThat(bucket.left(THIRDS, SECOND + 333_333_334)).isEqualTo(1);
  }
}
