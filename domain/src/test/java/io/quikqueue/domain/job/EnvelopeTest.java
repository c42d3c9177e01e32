package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

  /** The fields of a small envelope, as they are written. */
  private static final List<String> FIELDS =
      List.of(
          "01100197739f1c407abc8def0123456789ab",
          "020400000002",
          "03046d61696c",
          "04056772656574",
          "050674656e616e74",
          "060103",
          "070800065236ab2b0640");

  @Test
  void whatIsWrittenReadsBack() throws UnreadableMessageException {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Job job = Samples.randomQueued(random);
      JobSpec spec = job.spec().toBuilder().group(i % 2 == 0 ? null : "漢".repeat(200)).build();
      Envelope envelope = Envelope.of(job.toBuilder().spec(spec).build());

      assertThat(Envelope.read(envelope.bytes())).isEqualTo(envelope);
    }
  }

  @Test
  void itSaysWhatTheJobSays() {
    Job job = Samples.queued(JobSpec.builder("echo", "1").queue("mail").group("g").build());

    assertThat(Envelope.of(job))
        .isEqualTo(
            new Envelope(job.attemptId(), "mail", "echo", "g", 5, job.spec().cost(), Samples.NOW));
  }

  @Test
  void anOrdinaryOneIsSmall() {
    assertThat(Envelope.of(Samples.queued()).bytes()).hasSizeLessThan(64);
  }

  @Test
  void itIsNoBodyAndABodyIsNoEnvelope() {
    byte[] envelope = Envelope.of(Samples.queued()).bytes();
    byte[] body = JobBody.write(Samples.queued());

    assertThat(Envelope.isEnvelope(envelope)).isTrue();
    assertThat(Envelope.isEnvelope(body)).isFalse();
    assertThat(Envelope.isEnvelope(new byte[0])).isFalse();
    assertThat(isUnreadable(body)).isTrue();
    assertThatThrownBy(() -> JobBody.read(envelope))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageContaining("version");
  }

  @Test
  void fieldsMayComeInAnyOrder() throws UnreadableMessageException {
    Envelope expected = Envelope.read(bytes(FIELDS));
    List<String> shuffled = new ArrayList<>(FIELDS);
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(Envelope.read(bytes(shuffled))).isEqualTo(expected);
    }
    assertThat(expected.group()).isEqualTo("tenant");
    assertThat(expected.attempt()).isEqualTo(new AttemptId(Samples.ID, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7e00", "7e03aabbcc", "ff0101", "80ac02"})
  void fieldsThatAreNotKnownAreSkipped(String unknown) throws UnreadableMessageException {
    String field = unknown.equals("80ac02") ? unknown + "00".repeat(300) : unknown;
    for (int at = 0; at <= FIELDS.size(); at++) {
      List<String> fields = new ArrayList<>(FIELDS);
      fields.add(at, field);

      assertThat(Envelope.read(bytes(fields))).isEqualTo(Envelope.read(bytes(FIELDS)));
    }
  }

  @Test
  void onlyTheGroupMayBeMissing() {
    for (String field : FIELDS) {
      List<String> others = new ArrayList<>(FIELDS);
      others.remove(field);

      assertThat(isUnreadable(bytes(others))).as(field).isEqualTo(!field.startsWith("05"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "010100", // an id of one byte
        "020400000000", // attempt 0
        "020100", // an attempt of one byte
        "0300", // a queue without a name
        "0303612f62", // a/b
        "0303612062", // a b
        "0401ff", // a type that is not UTF-8
        "0500", // a group without a name
        "06010a", // priority 10
        "0601ff", // priority -1
        "0700", // a time of no bytes
        "0000", // no tag
        "09ffffffff7f" // a length beyond the end
      })
  void aFieldThatIsWrongIsUnreadable(String field) {
    List<String> fields = new ArrayList<>(FIELDS);
    fields.removeIf(each -> each.startsWith(field.substring(0, 2)));
    fields.add(field);

    assertThat(isUnreadable(bytes(fields))).isTrue();
  }

  @Test
  void oneCutOffAnywhereIsUnreadable() {
    byte[] envelope = Envelope.of(Samples.queued()).bytes();
    for (int length = 0; length < envelope.length; length++) {
      assertThat(isUnreadable(Arrays.copyOf(envelope, length))).isTrue();
    }
  }

  private static byte[] bytes(List<String> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write('E');
    fields.forEach(field -> out.writeBytes(HexFormat.of().parseHex(field)));
    return out.toByteArray();
  }

  /** Any other exception fails the test that asks. */
  private static boolean isUnreadable(byte[] bytes) {
    try {
      return Envelope.read(bytes).queue().isEmpty();
    } catch (UnreadableMessageException e) {
      return true;
    }
  }
}
