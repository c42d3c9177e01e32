package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {

  private final Map<String, String> values = new HashMap<>(Map.of("A", "1", "EMPTY", ""));
  private final Variables variables = new Variables(values::get);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ${A}                    | 1
          x${A}y${A}              | x1y1
          ${B:-2}                 | 2
          ${B:-}                  | ''
          ${EMPTY:-2}             | 2
          ${A:-2}                 | 1
          ${B:-x${A}y}            | x1y
          ${B:-${C:-${A}}/z}      | 1/z
          ${B:-a:-b}              | a:-b
          $${A}                   | ${A}
          $A {A} $                | $A {A} $
          """,
      delimiter = '|')
  void resolves(String text, String resolved) throws IOException {
    assertThat(tree("{\"a\":" + new ObjectMapper().writeValueAsString(text) + "}").get("a"))
        .isEqualTo(new ObjectMapper().getNodeFactory().textNode(resolved));
  }

  @ParameterizedTest
  @ValueSource(strings = {"${A", "${}", "${A B}", "${B}", "${:-x}", "x${B:-${C}}"})
  void refusesWhatCannotBeResolved(String text) {
    assertThatThrownBy(() -> tree("{\"a\":[{\"b\":\"" + text + "\"}]}"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith("a[0].b: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'", "\"", "\"'", "#", " # x", "a: b", ": ", "%41", "@S3cret!", "`", " a ", "ä€𝄞",
            "a\nb: c",
        "a\r\n- b", "[a", "{a: b}", "*a", "&a", "!a", "|", "> ", "- a", "? a", "null", "true",
            "1e3",
        "0x10", "${A}", "$${A}", "}", "\\", "\t", "~", "---"
      })
  void noValueIsReadAsYaml(String value) throws IOException {
    values.put("V", value);
    JsonNode tree =
        new ObjectMapper(new YAMLFactory())
            .readTree("a: ${V}\nb: x${V}y\nc:\n  - z${V}\nd: ${W:-${V}}\n");

    variables.substitute(tree);

    assertThat(tree.get("a").textValue()).isEqualTo(value);
    assertThat(tree.get("b").textValue()).isEqualTo("x" + value + "y");
    assertThat(tree.get("c").get(0).textValue()).isEqualTo("z" + value);
    assertThat(tree.get("d").textValue()).isEqualTo(value);
    assertThat(tree).hasSize(4);
  }

  @Test
  void inAListAVariableStandsForItsParts() throws IOException {
    values.put("V", " [::1]:8392, 10.0.0.0/8 ,,");

    assertThat(tree("{\"a\":[\"x\",\"${V}\",\"${B:-}\",\"${B:-${V}}\",\"<${V}>\"]}"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"a":["x","[::1]:8392","10.0.0.0/8","[::1]:8392","10.0.0.0/8",
                          "< [::1]:8392, 10.0.0.0/8 ,,>"]}"""));
  }

  @Test
  void remembersWhichVariableWasNamedWhere() throws IOException {
    tree("{\"a\":{\"b\":[{\"c\":\"${A}\"}],\"d\":\"x\"}}");

    assertThat(variables.origin("a.b[0].c")).isEqualTo("A");
    assertThat(variables.origin("a.d")).isNull();
  }

  private JsonNode tree(String json) throws IOException {
    JsonNode tree = new ObjectMapper().readTree(json);
    variables.substitute(tree);
    return tree;
  }
}
