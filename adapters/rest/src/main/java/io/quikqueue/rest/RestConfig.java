package io.quikqueue.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/** The limits of the REST API. */
public final class RestConfig {

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 64, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxBody = DataSize.mebibytes(1);

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 256, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxBatch = DataSize.mebibytes(32);

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.GIBIBYTES)
  private DataSize maxBuffered = DataSize.mebibytes(64);

  @NotNull
  @MinDuration(value = 0, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration maxWait = Duration.seconds(30);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 24, unit = TimeUnit.HOURS)
  private Duration maxTimeout = Duration.hours(6);

  @Min(1)
  @Max(100_000)
  private int maxLeases = 1_000;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 366, unit = TimeUnit.DAYS)
  private Duration idempotencyKeyLife = Duration.days(1);

  private boolean echo = true;

  private boolean viewPayloads;

  @Valid @NotNull private LimitsConfig limits = new LimitsConfig();

  /** What callers may hold at once. */
  @JsonProperty
  public LimitsConfig getLimits() {
    return limits;
  }

  @JsonProperty
  public void setLimits(LimitsConfig limits) {
    this.limits = limits;
  }

  /** The largest body of a request, and of one item of a batch; default 1 MiB. */
  @JsonProperty
  public DataSize getMaxBody() {
    return maxBody;
  }

  @JsonProperty
  public void setMaxBody(DataSize maxBody) {
    this.maxBody = maxBody;
  }

  /** The largest body of a batch; default 32 MiB. */
  @JsonProperty
  public DataSize getMaxBatch() {
    return maxBatch;
  }

  @JsonProperty
  public void setMaxBatch(DataSize maxBatch) {
    this.maxBatch = maxBatch;
  }

  /**
   * Bodies held in memory at once, all requests together; a request over it gets 503; default 64
   * MiB. At least as much as the largest body.
   */
  @JsonProperty
  public DataSize getMaxBuffered() {
    return maxBuffered;
  }

  @JsonProperty
  public void setMaxBuffered(DataSize maxBuffered) {
    this.maxBuffered = maxBuffered;
  }

  /** The longest {@code wait} that a long poll may ask for; default 30 s. */
  @JsonProperty
  public Duration getMaxWait() {
    return maxWait;
  }

  @JsonProperty
  public void setMaxWait(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /** The longest {@code timeout} that a job may ask for; default 6 h, at most 24 h. */
  @JsonProperty
  public Duration getMaxTimeout() {
    return maxTimeout;
  }

  @JsonProperty
  public void setMaxTimeout(Duration maxTimeout) {
    this.maxTimeout = maxTimeout;
  }

  /** How many jobs one pull worker may hold; default 1,000. */
  @JsonProperty
  public int getMaxLeases() {
    return maxLeases;
  }

  @JsonProperty
  public void setMaxLeases(int maxLeases) {
    this.maxLeases = maxLeases;
  }

  /** How long an idempotency key counts, whether or not its job is kept; default 1 d. */
  @JsonProperty
  public Duration getIdempotencyKeyLife() {
    return idempotencyKeyLife;
  }

  @JsonProperty
  public void setIdempotencyKeyLife(Duration idempotencyKeyLife) {
    this.idempotencyKeyLife = idempotencyKeyLife;
  }

  /** Whether whoever reads a job sees its secrets; default false. */
  @JsonProperty
  public boolean isViewPayloads() {
    return viewPayloads;
  }

  @JsonProperty
  public void setViewPayloads(boolean viewPayloads) {
    this.viewPayloads = viewPayloads;
  }

  /** Whether {@code POST /echo} is served; default true. */
  @JsonProperty
  public boolean isEcho() {
    return echo;
  }

  @JsonProperty
  public void setEcho(boolean echo) {
    this.echo = echo;
  }
}
