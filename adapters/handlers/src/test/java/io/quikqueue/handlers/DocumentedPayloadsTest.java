package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.quikqueue.domain.port.PayloadCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The payloads that the pages of docs/ give to built-in types are those that these take. */
class DocumentedPayloadsTest {

  /** Those of workflows that refer to results are only complete when the job runs. */
  private static final Pattern JOB =
      Pattern.compile(
          "\"type\": ?\"(add|multiply|sum_multiply|sleep|fail)\", \"payload\":"
              + " (\\{[^{}]*}|[^{,}]+)");

  @Test
  void everyExampleIsTaken() throws IOException {
    Map<String, PayloadCheck> checks = HandlerRegistry.builtIn().payloadChecks();
    List<MatchResult> examples;
    try (Stream<Path> pages = Files.list(Path.of("..", "..", "docs"))) {
      examples =
          pages
              .filter(page -> page.toString().endsWith(".md"))
              .flatMap(page -> JOB.matcher(read(page)).results())
              .toList();
    }

    assertThat(examples).extracting(example -> example.group(1)).contains("add", "fail");
    for (MatchResult example : examples) {
      PayloadCheck check = checks.get(example.group(1));
      assertThat(check).as(example.group(1)).isNotNull();
      assertThatCode(() -> check.check(example.group(2)))
          .as(example.group())
          .doesNotThrowAnyException();
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
