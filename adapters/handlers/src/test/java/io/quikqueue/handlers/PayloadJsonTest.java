package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.port.PermanentFailureException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadJsonTest {

  record Order(Optional<String> note, OptionalInt count, @Nullable Instant at) {}

  static final class Selfish {
    public Selfish getSelf() {
      return this;
    }
  }

  static final class Hostile {
    public String getName() {
      throw new UnreadableException();
    }
  }

  static final class UnreadableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message either");
    }
  }

  @Test
  void refusesAResultWithHalfOfASurrogatePair() throws PermanentFailureException {
    assertThat(PayloadJson.write(Map.of("a", "🎉"))).isEqualTo("{\"a\":\"🎉\"}");
    assertThatThrownBy(() -> PayloadJson.write(Map.of("a", "\uD83C")))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessage("result: contains half of a surrogate pair");
  }

  @Test
  void readsAndWritesOptionalValues() throws PermanentFailureException {
    Order read = PayloadJson.read("{\"note\": \"x\", \"at\": null}", Order.class);

    assertThat(read).isEqualTo(new Order(Optional.of("x"), OptionalInt.empty(), null));
    assertThat(PayloadJson.write(new Order(Optional.empty(), OptionalInt.of(2), Instant.EPOCH)))
        .isEqualTo("{\"note\":null,\"count\":2,\"at\":\"1970-01-01T00:00:00Z\"}");
    assertThat(PayloadJson.result(Optional.of(1)).json()).isEqualTo("1");
  }

  static Stream<Arguments> infinite() {
    return Stream.of(
        Arguments.of(Double.NaN, "null", "NaN"),
        Arguments.of(
            Map.of("mean", Double.NEGATIVE_INFINITY), "{\"mean\":null}", "-Infinity at /mean"),
        Arguments.of(List.of(1, Float.NaN), "[1,null]", "NaN at /1"),
        Arguments.of(new double[] {0.5, Double.NaN}, "[0.5,null]", "NaN at /1"),
        Arguments.of(
            new float[] {Float.POSITIVE_INFINITY, Float.NaN},
            "[null,null]",
            "Infinity at /0 and 1 more"));
  }

  @ParameterizedTest
  @MethodSource("infinite")
  void writesNullForNumbersThatJsonDoesNotHaveAndSaysSo(Object result, String json, String what)
      throws PermanentFailureException {
    assertThat(PayloadJson.result(result))
        .isEqualTo(
            new WrittenResult(
                json, "the result has null for numbers that JSON does not have: " + what));
    assertThat(PayloadJson.result(List.of(0.1, 1e300)))
        .isEqualTo(new WrittenResult("[0.1,1.0E300]", null));
  }

  static Stream<Object> unwritable() {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    Object[] within = new Object[1];
    within[0] = Arrays.asList(within);
    return Stream.of(new Selfish(), cycle, within, new Hostile());
  }

  @ParameterizedTest
  @MethodSource("unwritable")
  void aResultThatCannotBeWrittenFailsForGood(Object result) {
    assertThatThrownBy(() -> PayloadJson.result(result))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageStartingWith("result: cannot be written as JSON: ");
  }

  @Test
  void whyAResultCannotBeWrittenIsSaidWithoutNamesOfTheLibrary() {
    Object deep = 1;
    for (int i = 0; i < 1001; i++) {
      deep = List.of(deep);
    }
    Object tooDeep = deep;

    assertThatThrownBy(() -> PayloadJson.result(tooDeep))
        .hasMessage("result: cannot be written as JSON: it is nested deeper than 1000 levels");
    assertThatThrownBy(() -> PayloadJson.result(Collections.singletonMap(null, 1)))
        .hasMessage("result: cannot be written as JSON: a map has null for a key");
  }

  @Test
  void aResultWithoutEndIsCutShort() {
    Iterator<String> endless = Collections.nCopies(Integer.MAX_VALUE, "again").iterator();

    assertThatThrownBy(() -> PayloadJson.result(endless))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessage("result: is longer than 8388608 characters");
  }
}
