package io.quikqueue.domain.job;

import static io.quikqueue.domain.job.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobBodyTest {

  @Test
  void whatIsWrittenReadsBack() throws UnreadableMessageException {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Job job = Samples.randomQueued(random);
      byte[] bytes = JobBody.write(job);

      assertThat(JobBody.read(bytes)).isEqualTo(job);
      assertThat(JobBody.attempt(bytes)).isEqualTo(job.attemptId());
    }
  }

  /** Whoever ends the job has to know that others may wait for it. */
  @Test
  void theOrderingKeyIsKept() throws UnreadableMessageException {
    for (String key : new String[] {"k", " ü € \uD83D\uDE00", "x".repeat(200)}) {
      Job job = Samples.queued(JobSpec.builder("echo", "1").orderingKey(key).build());

      assertThat(JobBody.read(JobBody.write(job))).isEqualTo(job);
    }
  }

  /** Whoever ends the job makes its callback: who knows of none must not run it. */
  @Test
  void theCallbackIsKeptAndHasAFlag() throws UnreadableMessageException {
    Callback callback = new Callback("https://ü.example/?k=€", Set.of(JobState.FAILED));
    Job job = Samples.queued(JobSpec.builder("echo", "1").callback(callback).build());
    byte[] body = JobBody.write(job);

    assertThat(JobBody.read(body)).isEqualTo(job);
    assertThat(body[1]).isEqualTo((byte) 64);
    assertThat(JobBody.write(Samples.queued())[1]).isZero();
  }

  /** Whoever ends the job releases others: who knows of no workflows must not run it. */
  @Test
  void theNodeIsKeptAndHasAVersionOfItsOwn() throws UnreadableMessageException {
    WorkflowId workflow = WorkflowId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
    for (NodeRef node :
        List.of(
            new NodeRef(workflow, 0, true),
            new NodeRef(workflow, 9_999, false),
            new NodeRef(workflow, 1, true, null, new ForEach("list.i\u00e4", 7, true)))) {
      Job job = Samples.queued(JobSpec.builder("echo", "1").node(node).build());
      byte[] body = JobBody.write(job);

      assertThat(JobBody.read(body)).isEqualTo(job);
      assertThat(JobBody.attempt(body)).isEqualTo(job.attemptId());
      assertThat(body[0]).isEqualTo((byte) 2);
    }
    assertThat(JobBody.write(Samples.queued())[0]).isEqualTo((byte) 1);
  }

  /** Whoever fails the job holds its line: who knows of no such lines must not run it. */
  @Test
  void aJobThatMayHoldItsLineHasAVersionOfItsOwn() throws UnreadableMessageException {
    Job job = Samples.queued(Samples.held());
    byte[] body = JobBody.write(job);

    assertThat(JobBody.read(body)).isEqualTo(job);
    assertThat(JobBody.attempt(body)).isEqualTo(job.attemptId());
    assertThat(body[0]).isEqualTo((byte) 3);
  }

  @Test
  void theGenerationAndWhatTheClientNamedOfThePolicyAreKept() throws UnreadableMessageException {
    Policy some = new RetryOptions(7, null, null, null).over(Policy.DEFAULT);
    Job job = Samples.queued(Samples.spec(some)).toBuilder().generation(3).build();
    Job plain = Samples.queued(Samples.spec(Policy.DEFAULT));

    assertThat(JobBody.read(JobBody.write(job))).isEqualTo(job);
    assertThat(JobBody.read(JobBody.write(plain))).isEqualTo(plain);
  }

  /** Whoever changes the job has to know where it counts. */
  @Test
  void whetherItCountsInItsGroupIsKept() throws UnreadableMessageException {
    JobSpec spec = JobSpec.builder("echo", "1").group("g").countedInGroup(true).build();
    Job job = Samples.queued(spec);

    assertThat(JobBody.read(JobBody.write(job))).isEqualTo(job);
  }

  @Test
  void anOrdinaryJobIsSmall() {
    assertThat(JobBody.write(Samples.queued())).hasSizeLessThan(80);
  }

  @Test
  void aMegabyteFits() throws UnreadableMessageException {
    Job job = Samples.queued(JobSpec.of("echo", "漢".repeat(1_000_000)));

    assertThat(JobBody.read(JobBody.write(job))).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 999_999, -1, 0, 1, Long.MAX_VALUE})
  void theFirstAndTheLastTimeAreKept(long micros) throws UnreadableMessageException {
    byte[] bytes = JobBody.write(Samples.queued());
    ByteBuffer.wrap(bytes).putLong(2 + 16 + 4 + 1 + 4 + 4, micros);

    Job job = JobBody.read(bytes);

    assertThat(JobBody.write(job)).isEqualTo(bytes);
  }

  @Test
  void aBodyFromWhenMoreCrashesWereAllowedCanBeRead() throws UnreadableMessageException {
    Job job = Samples.queued(Samples.spec(Samples.policy(7, 5)));
    byte[] bytes = JobBody.write(job);
    ByteBuffer.wrap(bytes).putInt(2 + 16 + 4 + 1 + 4 + 4 + 3 * 8 + 4 + 3 * 8, 100);

    assertThat(JobBody.read(bytes)).isEqualTo(job);
  }

  /** Readers that are older take all messages but those that mean what they could not do. */
  @Test
  void onlyDelaysOfANewKindAreSaidInANewWay() throws UnreadableMessageException {
    Policy doubling = Samples.policy(7, 5);
    RetryDelays fixed =
        RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(3), null, null, null);
    byte[] bytes = JobBody.write(Samples.queued(Samples.spec(doubling)));
    Job job = Samples.queued(Samples.spec(doubling.withDelays(fixed)));

    byte[] other = JobBody.write(job);

    assertThat(bytes[1]).isEqualTo((byte) 2);
    assertThat(JobBody.write(Samples.queued())[1]).isZero();
    assertThat(other[1]).isEqualTo((byte) (2 | 32));
    assertThat(other).hasSize(bytes.length + 1 + 8 + 1 + 8);
    assertThat(JobBody.read(other)).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(bytes = {-1, 3, Byte.MAX_VALUE})
  void aKindOfDelaysThatIsNotKnownIsUnreadable(byte kind) {
    RetryDelays fixed =
        RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(3), null, null, null);
    byte[] bytes = JobBody.write(Samples.queued(Samples.spec(Policy.DEFAULT.withDelays(fixed))));
    bytes[2 + 16 + 4 + 1 + 4 + 4 + 3 * 8 + 4 + 3 * 8 + 4] = kind;

    assertThat(isUnreadable(bytes)).isTrue();
  }

  @Test
  void whatMakesAJobUniqueGoesWithItAndOldReadersSkipIt() throws UnreadableMessageException {
    Unique unique =
        new Unique(
            Unique.Within.TYPE,
            "a;b;ä",
            "0".repeat(64),
            Set.of(JobState.QUEUED, JobState.DONE),
            Duration.ofMillis(1500));
    JobSpec plain = JobSpec.of("echo", "1");
    byte[] bytes = JobBody.write(Samples.queued(plain.toBuilder().unique(unique).build()));
    byte[] without = JobBody.write(Samples.queued(plain));

    assertThat(JobBody.read(bytes).spec().unique()).isEqualTo(unique);
    assertThat(Arrays.copyOf(bytes, without.length)).isEqualTo(without);
  }

  @Test
  void whatAJobLearnedOnItsWayIsLeftBehind() throws UnreadableMessageException {
    Job second = Samples.in(JobState.RETRYING).wake(Samples.NOW).after();

    Job read = JobBody.read(JobBody.write(second));

    assertThat(read.attemptId()).isEqualTo(second.attemptId());
    assertThat(read.failures()).isEqualTo(1);
    assertThat(read.error()).isNull();
  }

  /** Bodies without the flag are read as they were before there was one. */
  @Test
  void aDeadlineThatWasLiftedIsTold() throws UnreadableMessageException {
    Job expired = Samples.in(JobState.EXPIRED, Samples.spec(Samples.NOW));
    Job revived = expired.retry(Samples.NOW).after();
    Job again = revived.fail(new Failure("no", false), 0, NOW).after().wake(NOW).after();

    for (Job job : new Job[] {revived, again}) {
      byte[] bytes = JobBody.write(job);

      assertThat(bytes[1]).isEqualTo((byte) 1);
      assertThat(JobBody.read(bytes).deadlineLifted()).isTrue();
    }
  }

  @Test
  void theDeadlineOfAJobThatWasPutOffStands() throws UnreadableMessageException {
    Job job = Samples.queued(Samples.spec(NOW.plusSeconds(60)));
    Job second = job.postpone(Samples.put(NOW), 0, NOW).after().wake(NOW).after();

    assertThat(JobBody.read(JobBody.write(second)).deadlineLifted()).isFalse();
    assertThat(JobBody.write(second)[1]).isEqualTo((byte) (1 | 16));
    assertThat(JobBody.write(job)[1]).isEqualTo((byte) 1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "QUEUED")
  void onlyAQueuedJobIsAnnounced(JobState state) {
    assertThatIllegalArgumentException().isThrownBy(() -> JobBody.write(Samples.in(state)));
  }

  @Test
  void aBodyCutOffAnywhereIsUnreadable() {
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = JobBody.write(Samples.randomQueued(random));
      int step = Math.max(1, bytes.length / 1000);
      for (int length = 0; length < bytes.length; length += step) {
        assertThat(isUnreadable(Arrays.copyOf(bytes, length))).isTrue();
      }
    }
  }

  /** What a later version writes there; the second value has 300 bytes. */
  @Test
  void fieldsThatAreNotKnownAreSkipped() throws UnreadableMessageException {
    Job job = Samples.queued();
    byte[] added = new byte[4 + 3 + 300 + 2];
    System.arraycopy(new byte[] {9, 2, 1, 2, (byte) 200, (byte) 0xAC, 2}, 0, added, 0, 7);
    added[added.length - 2] = (byte) 255;

    assertThat(JobBody.read(joined(JobBody.write(job), added))).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "09",
        "0901",
        "0902ff",
        "0001ff",
        "09ffffffff7f",
        "098080808080",
        "0901ff0a"
      })
  void aBodyWithSomethingElseBehindItIsUnreadable(String hex) {
    byte[] bytes = joined(JobBody.write(Samples.queued()), HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> JobBody.read(bytes)).isInstanceOf(UnreadableMessageException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {Byte.MIN_VALUE, -1, 0, 4, 123, Byte.MAX_VALUE})
  void anotherVersionIsUnreadable(int version) {
    byte[] bytes = JobBody.write(Samples.queued()).clone();
    bytes[0] = (byte) version;

    assertThatThrownBy(() -> JobBody.read(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("version");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xC0, 0xC3, 0xED, 0xF5, 0xFF})
  void aPayloadThatIsNotUtf8IsUnreadable(int stray) {
    byte[] bytes = JobBody.write(Samples.queued(JobSpec.of("echo", "\"__\""))).clone();
    bytes[bytes.length - 2] = (byte) stray;

    assertThatThrownBy(() -> JobBody.read(bytes))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void theReplacementCharacterItselfIsKept() throws UnreadableMessageException {
    Job job = Samples.queued(JobSpec.of("echo", "\"\uFFFD\""));

    assertThat(JobBody.read(JobBody.write(job))).isEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Byte.MIN_VALUE})
  void fewerThanNoLabelsAreUnreadable(int count) {
    byte[] bytes = JobBody.write(Samples.queued(JobSpec.of("echo", "1"))).clone();
    bytes[bytes.length - 6] = (byte) count; // before the length of the payload and the payload

    assertThatThrownBy(() -> JobBody.read(bytes))
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

  private static byte[] joined(byte[] first, byte[] last) {
    return ByteBuffer.allocate(first.length + last.length).put(first).put(last).array();
  }

  /** Any other exception fails the test that asks. */
  private static boolean isUnreadable(byte[] bytes) {
    try {
      return JobBody.read(bytes).state() != JobState.QUEUED;
    } catch (UnreadableMessageException e) {
      return true;
    }
  }
}
