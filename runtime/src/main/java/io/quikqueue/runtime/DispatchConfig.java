package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Min;

/** How much the ready queue is given. */
public final class DispatchConfig {

  /** Ready jobs in a queue above which its jobs wait in the stream. */
  @JsonProperty
  @Min(100)
  private long highWater = 20_000;

  public long highWater() {
    return highWater;
  }
}
