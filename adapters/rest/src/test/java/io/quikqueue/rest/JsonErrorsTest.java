package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonErrorsTest {

  private static final Map<String, String> TOLD =
      Map.ofEntries(
          Map.entry("{\"a\": foo}", "foo is not a value; text needs double quotes"),
          Map.entry("{\"a\": NaN}", "NaN is not a number in JSON"),
          Map.entry("[" + "x".repeat(100) + "]", "x".repeat(40) + "… is not a value; text needs"),
          Map.entry("{\"a\":1,}", "} is not expected here"),
          Map.entry("[1 2]", "2 is not expected here"),
          Map.entry("[\u0001]", "a control character is not expected here"),
          Map.entry("[1}", "} stands where ] should"),
          Map.entry("[\"a\nb\"]", "a control character in a text must be escaped"),
          Map.entry("[\"\\x\"]", "a backslash begins no known escape"),
          Map.entry("{\"a\":1,\"a\":2}", "the field 'a' is there twice"),
          Map.entry("[01]", "a number must not begin with a zero"),
          Map.entry("[1.]", "] cannot stand in a number"),
          Map.entry("[1", "the body ends within a value"));

  /** What is said of the first mistake; empty = there is none. */
  private static String told(String json) throws IOException {
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isNumeric()) {
          var _ = parser.getNumberValue();
        }
      }
      return "";
    } catch (JsonProcessingException e) {
      return JsonErrors.plain(e);
    }
  }

  @Test
  void saysInItsOwnWordsWhatIsWrong() throws IOException {
    for (Map.Entry<String, String> each : TOLD.entrySet()) {
      assertThat(told(each.getKey())).as(each.getKey()).startsWith(each.getValue());
    }
  }

  @Test
  void noWordOfTheLibraryIsEverTold() throws IOException {
    Random random = new Random(7);
    String characters = "{}[]\",:\\ \n\u0000019.-+eEtrufalsnNaIy'/*#\u00e9\ud83d\ude00";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder json = new StringBuilder();
      for (int n = random.nextInt(1, 12); n > 0; n--) {
        json.append(characters.charAt(random.nextInt(characters.length())));
      }
      assertThat(told(json.toString()))
          .as(json.toString())
          .hasSizeLessThan(120)
          .doesNotContain("Unexpected", "Unrecognized", "xpecting", "Illegal", "code", "token");
    }
  }
}
