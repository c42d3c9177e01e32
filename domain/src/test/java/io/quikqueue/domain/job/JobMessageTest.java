package io.quikqueue.domain.job;

import static io.quikqueue.domain.job.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobMessageTest {

  @Test
  void whatIsWrittenReadsBack() throws UnreadableMessageException {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Job job = Samples.randomQueued(random);
      byte[] bytes = JobMessage.of(job).bytes();

      JobMessage read = JobMessage.parse(bytes);

      assertThat(read.job()).isEqualTo(job);
      assertThat(read.bytes()).isSameAs(bytes);
      assertThat(JobMessage.parse(JobMessage.of(read.job()).bytes()).job()).isEqualTo(job);
    }
  }

  @Test
  void anOrdinaryJobIsSmall() {
    assertThat(JobMessage.of(Samples.queued()).bytes()).hasSizeLessThan(80);
  }

  @Test
  void aMegabyteFits() throws UnreadableMessageException {
    Job job = Samples.queued(JobSpec.of("echo", "漢".repeat(1_000_000)));

    assertThat(JobMessage.parse(JobMessage.of(job).bytes()).job()).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 999_999, -1, 0, 1, Long.MAX_VALUE})
  void theFirstAndTheLastTimeAreKept(long micros) throws UnreadableMessageException {
    byte[] bytes = JobMessage.of(Samples.queued()).bytes();
    ByteBuffer.wrap(bytes).putLong(2 + 16 + 4 + 1 + 4 + 4, micros);

    Job job = JobMessage.parse(bytes).job();

    assertThat(JobMessage.of(job).bytes()).isEqualTo(bytes);
  }

  @Test
  void aMessageFromWhenMoreCrashesWereAllowedCanBeRead() throws UnreadableMessageException {
    Job job = Samples.queued(Samples.spec(Samples.policy(7, 5)));
    byte[] bytes = JobMessage.of(job).bytes();
    ByteBuffer.wrap(bytes).putInt(2 + 16 + 4 + 1 + 4 + 4 + 3 * 8 + 4 + 3 * 8, 100);

    assertThat(JobMessage.parse(bytes).job()).isEqualTo(job);
  }

  /** Readers that are older take all messages but those that mean what they could not do. */
  @Test
  void onlyDelaysOfANewKindAreSaidInANewWay() throws UnreadableMessageException {
    Policy doubling = Samples.policy(7, 5);
    RetryDelays fixed =
        RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(3), null, null, null);
    byte[] bytes = JobMessage.of(Samples.queued(Samples.spec(doubling))).bytes();
    Job job = Samples.queued(Samples.spec(doubling.withDelays(fixed)));

    byte[] other = JobMessage.of(job).bytes();

    assertThat(bytes[1]).isEqualTo((byte) 2);
    assertThat(JobMessage.of(Samples.queued()).bytes()[1]).isZero();
    assertThat(other[1]).isEqualTo((byte) (2 | 32));
    assertThat(other).hasSize(bytes.length + 1 + 8 + 1 + 8);
    assertThat(JobMessage.parse(other).job()).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(bytes = {-1, 3, Byte.MAX_VALUE})
  void aKindOfDelaysThatIsNotKnownIsUnreadable(byte kind) {
    RetryDelays fixed =
        RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(3), null, null, null);
    byte[] bytes =
        JobMessage.of(Samples.queued(Samples.spec(Policy.DEFAULT.withDelays(fixed)))).bytes();
    bytes[2 + 16 + 4 + 1 + 4 + 4 + 3 * 8 + 4 + 3 * 8 + 4] = kind;

    assertThat(isUnreadable(bytes)).isTrue();
  }

  @Test
  void whatAJobLearnedOnItsWayIsLeftBehind() throws UnreadableMessageException {
    Job second = Samples.in(JobState.RETRYING).wake(Samples.NOW).after();

    Job read = JobMessage.parse(JobMessage.of(second).bytes()).job();

    assertThat(read.attemptId()).isEqualTo(second.attemptId());
    assertThat(read.failures()).isEqualTo(1);
    assertThat(read.error()).isNull();
  }

  /** Messages without the flag are read as they were before there was one. */
  @Test
  void aDeadlineThatWasLiftedIsTold() throws UnreadableMessageException {
    Job expired = Samples.in(JobState.EXPIRED, Samples.spec(Samples.NOW));
    Job revived = expired.retry(Samples.NOW).after();
    Job again = revived.fail(new Failure("no", false), 0, NOW).after().wake(NOW).after();

    for (Job job : new Job[] {revived, again}) {
      byte[] bytes = JobMessage.of(job).bytes();

      assertThat(bytes[1]).isEqualTo((byte) 1);
      assertThat(JobMessage.parse(bytes).job().deadlineLifted()).isTrue();
    }
  }

  @Test
  void theDeadlineOfAJobThatWasPutOffStands() throws UnreadableMessageException {
    Job job = Samples.queued(Samples.spec(NOW.plusSeconds(60)));
    Job second = job.postpone(Samples.put(NOW), 0, NOW).after().wake(NOW).after();

    assertThat(JobMessage.parse(JobMessage.of(second).bytes()).job().deadlineLifted()).isFalse();
    assertThat(JobMessage.of(second).bytes()[1]).isEqualTo((byte) (1 | 16));
    assertThat(JobMessage.of(job).bytes()[1]).isEqualTo((byte) 1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "QUEUED")
  void onlyAQueuedJobIsAnnounced(JobState state) {
    assertThatIllegalArgumentException().isThrownBy(() -> JobMessage.of(Samples.in(state)));
  }

  @Test
  void aMessageCutOffAnywhereIsUnreadable() {
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = JobMessage.of(Samples.randomQueued(random)).bytes();
      int step = Math.max(1, bytes.length / 1000);
      for (int length = 0; length < bytes.length; length += step) {
        assertThat(isUnreadable(Arrays.copyOf(bytes, length))).isTrue();
      }
    }
  }

  @Test
  void aMessageWithMoreBehindItIsUnreadable() {
    byte[] bytes = JobMessage.of(Samples.queued()).bytes();

    assertThatThrownBy(() -> JobMessage.parse(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(UnreadableMessageException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {Byte.MIN_VALUE, -1, 0, 2, 123, Byte.MAX_VALUE})
  void anotherVersionIsUnreadable(int version) {
    byte[] bytes = JobMessage.of(Samples.queued()).bytes().clone();
    bytes[0] = (byte) version;

    assertThatThrownBy(() -> JobMessage.parse(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("version");
  }

  @ParameterizedTest
  @ValueSource(ints = {64, -128})
  void anUnknownFlagIsUnreadable(int flag) {
    byte[] bytes = JobMessage.of(Samples.queued()).bytes().clone();
    bytes[1] |= (byte) flag;

    assertThatThrownBy(() -> JobMessage.parse(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("flags");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xC0, 0xC3, 0xED, 0xF5, 0xFF})
  void aPayloadThatIsNotUtf8IsUnreadable(int stray) {
    byte[] bytes = JobMessage.of(Samples.queued(JobSpec.of("echo", "\"__\""))).bytes().clone();
    bytes[bytes.length - 2] = (byte) stray;

    assertThatThrownBy(() -> JobMessage.parse(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void theReplacementCharacterItselfIsKept() throws UnreadableMessageException {
    Job job = Samples.queued(JobSpec.of("echo", "\"\uFFFD\""));

    assertThat(JobMessage.parse(JobMessage.of(job).bytes()).job()).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Byte.MIN_VALUE})
  void fewerThanNoLabelsAreUnreadable(int count) {
    byte[] bytes = JobMessage.of(Samples.queued(JobSpec.of("echo", "1"))).bytes().clone();
    bytes[bytes.length - 6] = (byte) count; // before the length of the payload and the payload

    assertThatThrownBy(() -> JobMessage.parse(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("labels");
  }

  @Test
  void noiseIsUnreadable() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = 1;
      }
      assertThat(isUnreadable(noise)).isTrue();
    }
  }

  /** Any other exception fails the test that asks. */
  private static boolean isUnreadable(byte[] bytes) {
    try {
      return JobMessage.parse(bytes).job().state() != JobState.QUEUED;
    } catch (UnreadableMessageException e) {
      return true;
    }
  }
}
