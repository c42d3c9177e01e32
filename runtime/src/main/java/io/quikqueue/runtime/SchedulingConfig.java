package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/** How often the scheduler looks, and how long finished jobs are kept. */
public final class SchedulingConfig {

  /** How long jobs are kept after they ended. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration retention = Duration.days(7);

  /** How long records of the audit log are kept; those of single jobs as long as jobs are. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
  private Duration auditRetention = Duration.days(90);

  /** The longest wait between two looks for jobs that are due. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration wakeEvery = Duration.seconds(1);

  /** How long an outbox row is left to the process that wrote it before the relay announces it. */
  @JsonProperty
  @NotNull
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private Duration relayGrace = Duration.seconds(5);

  /** How often the store is compared with the ready queue. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration sweepEvery = Duration.seconds(60);

  /** How long a job must not have moved to be compared. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration sweepAge = Duration.seconds(60);

  public java.time.Duration retention() {
    return retention.toJavaDuration();
  }

  public java.time.Duration auditRetention() {
    return auditRetention.toJavaDuration();
  }

  public java.time.Duration wakeEvery() {
    return wakeEvery.toJavaDuration();
  }

  public java.time.Duration relayGrace() {
    return relayGrace.toJavaDuration();
  }

  public java.time.Duration sweepEvery() {
    return sweepEvery.toJavaDuration();
  }

  public java.time.Duration sweepAge() {
    return sweepAge.toJavaDuration();
  }
}
