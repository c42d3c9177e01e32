package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "_a", ".a", "-a", "a b", "a/b", "ä", "a\n", "a\u0000", "🎉"})
  void aTypeOfOtherCharactersIsNamed(String type) {
    assertThat(refused(type, "q", 5, Map.of(), null)).isEqualTo("type");
    assertThatThrownBy(() -> JobSpec.requireType(type)).isInstanceOf(InvalidFieldException.class);
    assertThat(refused("a".repeat(65), "q", 5, Map.of(), null)).isEqualTo("type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "_a", ".a", "-a", "a b", "a/b", "A", "aB", "ä", "a\n", "a\u0000"})
  void aQueueOfOtherCharactersIsNamed(String queue) {
    assertThat(refused("t", queue, 5, Map.of(), null)).isEqualTo("queue");
    assertThat(refused("t", "a".repeat(65), 5, Map.of(), null)).isEqualTo("queue");
    assertThatThrownBy(() -> JobSpec.requireQueue(queue)).isInstanceOf(InvalidFieldException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 10, Integer.MAX_VALUE})
  void aPriorityOutOfRangeIsNamed(int priority) {
    assertThat(refused("t", "q", priority, Map.of(), null)).isEqualTo("priority");
  }

  @Test
  void tooManyLabelsAreRefused() {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < 16; i++) {
      labels.put("l" + i, "v");
    }
    assertThat(spec("t", "q", 5, labels, null).labels()).hasSize(16);
    labels.put("one-too-many", "v");
    assertThat(refused("t", "q", 5, labels, null)).isEqualTo("labels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "_a", "a b", "ä", "a\n"})
  void aLabelNameOfOtherCharactersIsRefused(String name) {
    assertThat(refused("t", "q", 5, Map.of(name, "v"), null)).isEqualTo("labels");
    assertThat(refused("t", "q", 5, Map.of("a".repeat(65), "v"), null)).isEqualTo("labels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "a\u0000b", "\u007f", "\t"})
  void aLabelValueWithControlCharactersIsNamed(String value) {
    assertThat(refused("t", "q", 5, Map.of("colour", value), null)).isEqualTo("labels.colour");
  }

  @Test
  void aLabelValueThatIsTooLongIsNamed() {
    assertThat(refused("t", "q", 5, Map.of("colour", "x".repeat(129)), null))
        .isEqualTo("labels.colour");
    assertThat(refused("t", "q", 5, Map.of("colour", "🎉".repeat(129)), null))
        .isEqualTo("labels.colour");
  }

  @ParameterizedTest
  @MethodSource("halves")
  void halfASurrogatePairIsNamed(String text) {
    assertThatThrownBy(() -> JobSpec.of("t", text))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage("payload: must not contain half of a surrogate pair");
    assertThat(refused("t", "q", 5, Map.of("colour", text), null)).isEqualTo("labels.colour");
  }

  static Stream<String> halves() {
    return Stream.of(
        "\uD83C", "\uDF89", "a\uD83Cz", "\uDF89\uD83C", "\uD83C\uD83C\uDF89", "🎉\uDBFF");
  }

  @Test
  void wholePairsAreKept() {
    assertThat(JobSpec.of("t", "\"🎉🎉\uDBFF\uDFFF\"").payload()).isEqualTo("\"🎉🎉\uDBFF\uDFFF\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
  void aTraceparentOfAnotherFormIsNamed(String traceparent) {
    assertThat(refused("t", "q", 5, Map.of(), traceparent)).isEqualTo("traceparent");
  }

  @Test
  void aRefusalSaysWhatIsWrongWithAndWithoutTheField() {
    InvalidFieldException refusal =
        catchThrowableOfType(InvalidFieldException.class, () -> spec("t", "q", 10, Map.of(), null));

    assertThat(refusal.problem()).isEqualTo("must be from 0 (first) to 9 (last)");
    assertThat(refusal).hasMessage("priority: must be from 0 (first) to 9 (last)");
  }

  @Test
  void theLongestOfEverythingIsAllowed() {
    String name = "A9_.-".repeat(12) + "abcd";
    JobSpec spec =
        spec(
            name,
            name.toLowerCase(java.util.Locale.ROOT),
            0,
            Map.of(name, "🎉".repeat(128)),
            TRACE);

    assertThat(spec.type()).hasSize(64);
    assertThat(spec.labels()).containsEntry(name, "🎉".repeat(128));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "a\u0000b", "\u007f", "\uD83C"})
  void aGroupOrderingKeyOrOwnerOfOtherCharactersIsNamed(String name) {
    assertThat(refused(it -> it.group(name))).isEqualTo("group");
    assertThat(refused(it -> it.orderingKey(name))).isEqualTo("ordering_key");
    assertThat(refused(it -> it.owner(name))).isEqualTo("owner");
  }

  @Test
  void aGroupHasAtMost200Characters() {
    assertThat(JobSpec.builder("t", "1").group("🎉".repeat(200)).build().group()).hasSize(400);
    assertThat(refused(it -> it.group("🎉".repeat(201)))).isEqualTo("group");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_000_001})
  void aCostOutOfRangeIsNamed(int cost) {
    assertThat(refused(it -> it.cost(cost))).isEqualTo("cost");
    assertThat(JobSpec.of("t", "1").cost()).isOne();
  }

  private static String refused(Consumer<JobSpec.Builder> description) {
    JobSpec.Builder spec = JobSpec.builder("t", "1");
    description.accept(spec);
    return catchThrowableOfType(InvalidFieldException.class, spec::build).field();
  }

  @Test
  void aDeadlineIsCutToMicroseconds() {
    Instant deadline = Instant.parse("2026-06-15T12:00:00.123456789Z");

    assertThat(JobSpec.builder("t", "").deadline(deadline).build().deadline())
        .isEqualTo(Instant.parse("2026-06-15T12:00:00.123456Z"));
  }

  @Test
  void labelsCannotBeChangedAfterwards() {
    Map<String, String> labels = new HashMap<>(Map.of("a", "b"));
    JobSpec spec = spec("t", "q", 5, labels, null);
    labels.put("c", "d");

    assertThat(spec.labels()).containsOnlyKeys("a");
    assertThatThrownBy(() -> spec.labels().put("e", "f"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static JobSpec spec(
      String type, String queue, int priority, Map<String, String> labels, String traceparent) {
    return JobSpec.builder(type, "1")
        .queue(queue)
        .priority(priority)
        .labels(labels)
        .traceparent(traceparent)
        .build();
  }

  private static String refused(
      String type, String queue, int priority, Map<String, String> labels, String traceparent) {
    return catchThrowableOfType(
            InvalidFieldException.class, () -> spec(type, queue, priority, labels, traceparent))
        .field();
  }
}
