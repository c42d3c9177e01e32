package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import io.quikqueue.http.HttpConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How jobs are run. */
public final class WorkerConfig {

  /** Jobs run at once. */
  @JsonProperty
  @Min(1)
  @Max(10_000)
  private int slots = 125;

  /**
   * The share of the slots that the jobs of one queue may hold; rounded up to whole slots. 1 = all.
   */
  @JsonProperty
  @DecimalMin("0.01")
  @DecimalMax("1")
  private double queueShare = 0.8;

  /** The queues to serve, as a list or with their weights; empty = all. */
  @JsonProperty
  @NotNull
  @JsonDeserialize(using = QueueWeightsDeserializer.class)
  private Map<String, Integer> queues = Map.of();

  /** How long an attempt belongs to its worker without a sign of life. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private Duration lease = Duration.seconds(30);

  /** How long running jobs may go on after SIGTERM before they are handed back. */
  @JsonProperty
  @NotNull
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private Duration drain = Duration.seconds(15);

  /** How long a handler may go on after it was interrupted, before it is given up. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private Duration stopGrace = Duration.seconds(5);

  /** What a result may have at most, as UTF-8; a longer one fails its job for good. */
  @JsonProperty
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 8, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxResult = DataSize.mebibytes(1);

  /** Where jars with handlers lie; need not exist. A text, as a path may look like a URI. */
  @JsonProperty @NotNull private String plugins = Settings.home().resolve("plugins").toString();

  /** The calls of http jobs. */
  @JsonProperty @NotNull @Valid private HttpConfig http = new HttpConfig();

  public int slots() {
    return slots;
  }

  /** How many of so many slots the jobs of one queue may hold, at least one. */
  public int queueSlots(int slots) {
    return Math.max(1, (int) Math.ceil(Math.round(slots * queueShare * 1e6) / 1e6));
  }

  public Set<String> queues() {
    return queues.keySet();
  }

  /** The weight of each queue; empty = all weigh the same. */
  public Map<String, Integer> weights() {
    return queues.values().stream().distinct().count() < 2 ? Map.of() : queues;
  }

  public java.time.Duration lease() {
    return lease.toJavaDuration();
  }

  public java.time.Duration drain() {
    return drain.toJavaDuration();
  }

  public java.time.Duration stopGrace() {
    return stopGrace.toJavaDuration();
  }

  /** Bytes. */
  public int maxResult() {
    return Math.toIntExact(maxResult.toBytes());
  }

  public Path plugins() {
    return Path.of(plugins);
  }

  public HttpConfig http() {
    return http;
  }
}
