package io.quikqueue.rest;

import io.quikqueue.domain.usecase.lease.LeaseRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a worker asks for when it leases jobs; used once. */
final class LeaseReader {

  private static final int MOST_TYPES = 100;

  private final Duration longestWait;
  private @Nullable String worker;
  private Set<String> types = Set.of();
  private @Nullable Integer max;
  private @Nullable Duration wait;
  private @Nullable Duration lease;

  /**
   * What is asked for.
   *
   * @param patience how long to wait for the first job
   */
  record Asked(LeaseRequest request, Duration patience) {}

  private LeaseReader(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /**
   * The body of a request.
   *
   * @throws ProblemException when it is no such request
   * @throws io.quikqueue.domain.job.InvalidFieldException when a field is out of its range
   */
  static Asked read(String queue, String json, Duration longestWait) {
    LeaseReader reader = new LeaseReader(longestWait);
    JsonReader.read(json, Source.START, reader::document);
    LeaseRequest request =
        new LeaseRequest(
            queue,
            reader.worker == null ? "" : reader.worker,
            reader.types,
            reader.max == null ? 1 : reader.max,
            reader.lease == null ? LeaseRequest.USUAL_LENGTH : reader.lease);
    return new Asked(request, reader.wait == null ? Duration.ZERO : reader.wait);
  }

  private void document(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    if (worker == null) {
      json.missing("worker");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case "worker" -> worker = json.string(name);
      case "types" -> {
        List<String> given = json.strings(name, MOST_TYPES);
        types = given == null ? Set.of() : new LinkedHashSet<>(given);
      }
      case "max" -> max = json.integer(name);
      case "wait" -> wait = json.duration(name, longestWait);
      case "lease" -> lease = json.duration(name);
      default -> json.unknown(name);
    }
  }
}
