package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** A scrape of Prometheus figures. */
public record Metrics(List<String> lines) {

  public static Metrics of(Http.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return new Metrics(answer.text().lines().filter(line -> !line.startsWith("#")).toList());
  }

  /**
   * The sum of all figures of this name whose labels hold these, each written {@code name="value"}.
   */
  public double sum(String name, String... labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
