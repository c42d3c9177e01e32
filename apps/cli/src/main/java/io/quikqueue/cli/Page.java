package io.quikqueue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a long list is shown. */
final class Page {

  @Option(names = "--limit", paramLabel = "N", description = "so many at most")
  private @Nullable Integer limit;

  @Option(names = "--after", paramLabel = "ID", description = "those behind this one")
  private @Nullable String after;

  String of(Query query) {
    return query.with("limit", limit).with("after", after).toString();
  }
}
