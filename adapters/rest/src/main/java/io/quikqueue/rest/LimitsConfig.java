package io.quikqueue.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MinDataSize;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** What callers may hold at once, in all and from one address. */
public final class LimitsConfig {

  /** Connections to the application port; more are closed as they come. */
  @JsonProperty
  @Min(10)
  private int connections = 10_000;

  /** Of these from one address. */
  @JsonProperty
  @Min(10)
  private int connectionsPerAddress = 6_000;

  /** Requests being worked on, without those that wait for a job; more get 503. */
  @JsonProperty
  @Min(10)
  private int requests = 4_000;

  /** Of these from one address; more get 429. */
  @JsonProperty
  @Min(10)
  private int requestsPerAddress = 1_000;

  /** Requests with a body being worked on; more get 503. */
  @JsonProperty
  @Min(1)
  private int bodies = 2_000;

  /** Of these from one address; more get 429. */
  @JsonProperty
  @Min(1)
  private int bodiesPerAddress = 500;

  /** Requests that wait for a job to be over; more get 503. */
  @JsonProperty
  @Min(0)
  private int waits = 10_000;

  /** Of these from one address; more get 429. */
  @JsonProperty
  @Min(0)
  private int waitsPerAddress = 1_000;

  /**
   * Bytes of answers over 16 KiB that show jobs, queues or workers, or answer a batch, until sent.
   */
  @JsonProperty
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  private DataSize answers = DataSize.mebibytes(64);

  int connections() {
    return connections;
  }

  int connectionsPerAddress() {
    return connectionsPerAddress;
  }

  CallerBound requests() {
    return new CallerBound(requests, requestsPerAddress);
  }

  CallerBound bodies() {
    return new CallerBound(bodies, bodiesPerAddress);
  }

  CallerBound waits() {
    return new CallerBound(waits, waitsPerAddress);
  }

  int answers() {
    return (int) Math.min(Integer.MAX_VALUE, answers.toBytes());
  }

  void setRequests(int most, int mostByCaller) {
    requests = most;
    requestsPerAddress = mostByCaller;
  }

  void setWaits(int most, int mostPerAddress) {
    waits = most;
    waitsPerAddress = mostPerAddress;
  }

  void setBodies(int most, int mostPerAddress) {
    bodies = most;
    bodiesPerAddress = mostPerAddress;
  }

  void setConnections(int most, int mostPerAddress) {
    connections = most;
    connectionsPerAddress = mostPerAddress;
  }
}
