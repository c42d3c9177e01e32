package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes come in, out comes a job that can be written again, or word that they cannot be
 * read. {@code -Dquikqueue.seed=N} repeats a run.
 */
class JobMessageFuzzTest {

  private static final String SEED = "quikqueue.seed";
  private static final int ROUNDS = 30_000;
  private static final int BIG = 500;

  static LongStream seeds() {
    Long given = Long.getLong(SEED);
    return given == null ? LongStream.of(1, 2, System.nanoTime()) : LongStream.of(given);
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
        bytes = JobMessage.of(Samples.randomQueued(random)).bytes();
      }
      byte[] garbled = bytes;
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        garbled = garbled(garbled, other, random);
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

  /** Mostly in the first bytes, where the fields and their lengths are. */
  private static byte[] garbled(byte[] bytes, byte[] other, Random random) {
    if (bytes.length == 0) {
      return other;
    }
    byte[] changed = bytes.clone();
    int range = random.nextInt(3) > 0 ? Math.min(bytes.length, 150) : bytes.length;
    int at = random.nextInt(range);
    switch (random.nextInt(7)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(changed, at, Math.min(at + 4, changed.length), (byte) 0x7F);
      case 3 -> Arrays.fill(changed, at, Math.min(at + 8, changed.length), (byte) 0xFF);
      case 4 -> Arrays.fill(changed, at, Math.min(at + 8, changed.length), (byte) 0);
      case 5 -> {
        return joined(bytes, at, bytes, Math.max(0, at - 5 + random.nextInt(11)));
      }
      default -> {
        return joined(bytes, at, other, random.nextInt(Math.min(other.length, BIG) + 1));
      }
    }
    return changed;
  }

  /** The first of the one and the last of the other. */
  private static byte[] joined(byte[] first, int to, byte[] last, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first, 0, to);
    out.write(last, Math.min(from, last.length), Math.max(0, last.length - from));
    return out.toByteArray();
  }

  /** Any exception but the one for unreadable bytes fails the test. */
  private static boolean isReadAndWritten(byte[] bytes) {
    try {
      JobMessage read = JobMessage.parse(bytes);
      assertThat(read.bytes()).isSameAs(bytes);
      byte[] written = JobMessage.of(read.job()).bytes();
      assertThat(JobMessage.parse(written).job()).isEqualTo(read.job());
      return true;
    } catch (UnreadableMessageException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }
}
