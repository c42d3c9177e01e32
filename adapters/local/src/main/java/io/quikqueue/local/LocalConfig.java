package io.quikqueue.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MinDataSize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** How much the ready queue inside the process keeps in memory; the rest waits in the store. */
public final class LocalConfig {

  @Min(1)
  @Max(1_000_000)
  private int windowJobs = 10_000;

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 4, unit = DataSizeUnit.GIBIBYTES)
  private DataSize windowSize = DataSize.mebibytes(64);

  @Min(1)
  @Max(10_000_000)
  private int finished = 100_000;

  /** Ready jobs kept per queue; default 10,000. */
  @JsonProperty
  public int getWindowJobs() {
    return windowJobs;
  }

  @JsonProperty
  public void setWindowJobs(int windowJobs) {
    this.windowJobs = windowJobs;
  }

  /**
   * Memory for ready jobs of all queues together, counted as two bytes per character of payload and
   * half a KiB per job; default 64 MiB. One job per queue is kept whatever its size.
   */
  @JsonProperty
  public DataSize getWindowSize() {
    return windowSize;
  }

  @JsonProperty
  public void setWindowSize(DataSize windowSize) {
    this.windowSize = windowSize;
  }

  /** Finished attempts remembered at most, each for a minute at most; default 100,000. */
  @JsonProperty
  public int getFinished() {
    return finished;
  }

  @JsonProperty
  public void setFinished(int finished) {
    this.finished = finished;
  }
}
