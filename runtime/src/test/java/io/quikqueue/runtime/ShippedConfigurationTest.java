package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every variable of every file in config/ takes every text as it is. */
class ShippedConfigurationTest {

  private static final String PLAIN = "plain";
  private static final String ODD =
      "it's \"@S3cret!\" #1 a: b - [x] {y} %41 ${A} $${A} `z` *a &b !c |\n- d: 'e'\r\n\tä€𝄞 \\ ";

  @ParameterizedTest
  @ValueSource(strings = {"api", "consumer", "scheduler", "standalone", "worker"})
  void takesEveryTextAsItIs(String app) throws IOException {
    String yaml = Files.readString(Path.of("..", "config", app + ".yml"));
    Set<String> names =
        Pattern.compile("\\$\\{([A-Z_]+)")
            .matcher(yaml)
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toSet());
    assertThat(names).contains("QQ_ADMIN_PORT");

    for (String odd : names) {
      JsonNode expected = substituted(yaml, name -> name.equals(odd) ? PLAIN : null);
      JsonNode actual = substituted(yaml, name -> name.equals(odd) ? ODD : null);

      ObjectMapper json = new ObjectMapper();
      String escaped = json.writeValueAsString(ODD);
      assertThat(json.writeValueAsString(actual))
          .as(odd)
          .contains(escaped.substring(1, escaped.length() - 1).strip());
      assertThat(leaves(actual)).as(odd).isEqualTo(leaves(expected));
    }
  }

  private static JsonNode substituted(String yaml, Variables.Source source) throws IOException {
    JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(yaml);
    new Variables(
            name -> {
              String value = source.get(name);
              boolean ours = name.equals("QQ_HOME") || name.equals("QQ_SELF");
              return value == null && ours ? "given" : value;
            })
        .substitute(tree);
    return tree;
  }

  /** How many values of each kind there are: no text became more than a text. */
  private static String leaves(JsonNode tree) {
    StringBuilder shape = new StringBuilder(tree.getNodeType().toString());
    tree.forEach(child -> shape.append('(').append(leaves(child)).append(')'));
    return shape.toString();
  }
}
