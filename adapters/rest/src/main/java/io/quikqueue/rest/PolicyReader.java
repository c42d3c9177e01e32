package io.quikqueue.rest;

import io.quikqueue.domain.job.PolicyOptions;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads how jobs of a queue or type are tried; used once. */
final class PolicyReader {

  private final RetryReader retry = new RetryReader();
  private @Nullable Duration timeout;

  private PolicyReader() {}

  /**
   * Reads a body; what is absent or null is not said.
   *
   * @throws ProblemException when it is no such body
   * @throws io.quikqueue.domain.job.InvalidFieldException when a value is one that there cannot be
   */
  static PolicyOptions read(String json) {
    PolicyReader reader = new PolicyReader();
    JsonReader.read(
        json, Source.START, document -> document.object("", name -> reader.field(document, name)));
    return new PolicyOptions(reader.retry.options(), reader.timeout);
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case RetryReader.FIELD -> retry.read(json);
      case "timeout" -> timeout = json.duration(name);
      case "declared", "changed_by", "changed_at" -> json.skip(); // what was read is sent back
      default -> json.unknown(name);
    }
  }
}
