package io.quikqueue.domain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReferencesTest {

  private static final Map<String, String> RESULTS =
      Map.of(
          "fetch", "{\"body\":{\"url\":\"http://x\",\"n\":[1,{\"k\":true}]},\"x y\":2,\"e\":null}",
          "list", "[ 10 , [20] , \"a,]b\" ]",
          "one", "42");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "one | 42",
        "list | [ 10 , [20] , \"a,]b\" ]",
        "list.0 | 10",
        "list.1.0 | 20",
        "list.2 | \"a,]b\"",
        "fetch.body.url | \"http://x\"",
        "fetch.body.n.1.k | true",
        "fetch.x y | 2",
        "fetch.e | null",
        "without | null"
      })
  void aReferenceIsReplacedByWhatItLeadsTo(String reference, String value)
      throws UnresolvedException {
    assertThat(resolve("{\"a\": [{ \"$from\" : \"" + reference + "\" }]}"))
        .isEqualTo("{\"a\": [" + value + "]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one.x",
        "list.3",
        "list.-1",
        "list.x",
        "fetch.body.urls",
        "fetch.e.x",
        "without.x"
      })
  void aPathThatLeadsNowhereIsNamed(String reference) {
    assertThatThrownBy(() -> resolve("{\"$from\":\"" + reference + "\"}"))
        .isInstanceOf(UnresolvedException.class)
        .hasMessageContaining("\"" + reference + "\" leads nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$from\":\"one\",\"b\":1}",
        "{\"b\":1,\"$from\":\"one\"}",
        "{\"$from\":1}",
        "{\"$fromm\":\"one\"}",
        "[\"$from\",\"one\"]",
        "\"{\\\"$from\\\":\\\"one\\\"}\"",
        "{}",
        "1"
      })
  void anythingElseStaysAsItIs(String payload) throws UnresolvedException {
    assertThat(resolve(payload)).isEqualTo(payload);
    assertThat(References.in(payload)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "gone.a.0"})
  void aResultThatIsMissingIsNamedWithThePathIntoIt(String reference) {
    assertThatThrownBy(
            () ->
                References.resolve(
                    "[{\"$from\":\"" + reference + "\"}]", Map.of(), Map.of("gone", "why"), 100))
        .isInstanceOf(UnresolvedException.class)
        .hasMessage("$from: \"" + reference + "\": node gone has no result: why");
  }

  @Test
  void theResolvedPayloadIsBounded() throws UnresolvedException {
    Map<String, String> results = Map.of("a", "x".repeat(10));
    String payload = "[{\"$from\":\"a\"},{\"$from\":\"a\"}]";

    assertThat(References.resolve(payload, results, 23)).hasSize(23);
    assertThatThrownBy(() -> References.resolve(payload, results, 22))
        .isInstanceOf(UnresolvedException.class)
        .hasMessageContaining("22 characters");
  }

  @Test
  void manyPathsIntoLargeResultsAreRefusedInBoundedTime() {
    StringBuilder payload = new StringBuilder("[1");
    for (int i = 0; i < References.MOST; i++) {
      payload.append(",{\"$from\":\"a.").append(1_000_000 + i).append("\"}");
    }
    payload.append("]");
    Map<String, String> results = Map.of("a", "[" + "1,".repeat(500_000) + "1]");

    assertThatThrownBy(() -> References.resolve(payload.toString(), results, 1 << 20))
        .isInstanceOf(UnresolvedException.class);
  }

  @Test
  void aTextThatIsOneBraceAfterTheOtherTakesBoundedTime() {
    String deep = "{\"$from\":".repeat(100_000) + "1" + "}".repeat(100_000);

    assertThat(References.in(deep)).isEmpty();
  }

  @Test
  void whateverAReferenceIsItIsReadOrRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j > 0; j--) {
        text.append("a.0_-ä$ ".charAt(random.nextInt(8)));
      }
      Reference reference = Reference.parse(text.toString());
      if (reference != null) {
        assertThat(reference).hasToString(text.toString());
      }
    }
    assertThat(Reference.parse("a" + ".b".repeat(Reference.LONGEST_PATH))).isNotNull();
    assertThat(Reference.parse("a" + ".b".repeat(Reference.LONGEST_PATH + 1))).isNull();
  }

  private static String resolve(String payload) throws UnresolvedException {
    return References.resolve(payload, new HashMap<>(RESULTS), 1 << 20);
  }
}
