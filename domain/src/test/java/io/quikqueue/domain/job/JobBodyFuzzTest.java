package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes come in, out comes a job that can be written again, or word that they cannot be
 * read. {@code -Dquikqueue.seed=N} tries another seed.
 */
class JobBodyFuzzTest {

  private static final String SEED = "quikqueue.seed";
  private static final int ROUNDS = 30_000;

  static LongStream seeds() {
    Long given = Long.getLong(SEED);
    return given == null ? LongStream.of(1, 2, 3) : LongStream.of(given);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void garbledBytesGiveAJobOrAreUnreadable(long seed) {
    Random random = new Random(seed);
    int unreadable = 0;
    byte[] bytes = {};
    byte[] other = {};
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 100 == 0) {
        other = bytes;
        bytes = JobBody.write(Samples.randomQueued(random));
      }
      byte[] garbled = bytes;
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        garbled = Garbler.garbled(garbled, other, random);
      }
      try {
        unreadable += isReadAndWritten(garbled) ? 0 : 1;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "-D" + SEED + "=" + seed + ": " + HexFormat.of().formatHex(garbled), e);
      }
    }
    assertThat(unreadable).isBetween(ROUNDS / 10, ROUNDS - 1);
  }

  /** Any exception but the one for unreadable bytes fails the test. */
  private static boolean isReadAndWritten(byte[] bytes) {
    try {
      Job read = JobBody.read(bytes);
      assertThat(JobBody.attempt(bytes)).isEqualTo(read.attemptId());
      assertThat(JobBody.read(JobBody.write(read))).isEqualTo(read);
      return true;
    } catch (UnreadableMessageException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }
}
