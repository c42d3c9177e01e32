package io.quikqueue.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How outbound HTTP calls are made, and which destinations off the public internet they may reach.
 */
public final class HttpConfig {

  @NotNull private List<String> allow = List.of();

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration connectTimeout = Duration.seconds(5);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration timeout = Duration.seconds(30);

  @NotNull
  @MinDataSize(1)
  @MaxDataSize(value = 64, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxResponse = DataSize.mebibytes(1);

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxResponseHeaders = DataSize.kibibytes(64);

  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.GIBIBYTES)
  private DataSize maxResponses = DataSize.mebibytes(32);

  @Min(1)
  @Max(10_000)
  private int maxConnections = 256;

  @Min(1)
  @Max(10_000)
  private int maxConnectionsPerHost = 64;

  @Min(0)
  @Max(10)
  private int connectRetries = 2;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration connectRetryDelay = Duration.milliseconds(100);

  @Min(1)
  @Max(1_000)
  private int breakerFailures = 10;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration breakerDelay = Duration.seconds(5);

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration breakerMaxDelay = Duration.minutes(1);

  @Min(3)
  @Max(100_000)
  private int maxBreakers = 5_000;

  @Min(1)
  @Max(256)
  private int maxLookups = 8;

  @NotBlank private String userAgent = "QuikQueue";

  @NotNull private String signingKeyFile = "";

  /**
   * {@code host:port} or CIDR blocks that may be called although they are not public; default none.
   */
  @JsonProperty
  public List<String> getAllow() {
    return allow;
  }

  /**
   * Sets what may be called beside public addresses.
   *
   * @throws IllegalArgumentException naming the entry that cannot be read
   */
  @JsonProperty
  public void setAllow(List<String> allow) {
    new AllowList(allow); // a wrong entry is named when the file is read, not at the first call
    this.allow = List.copyOf(allow);
  }

  /** The longest wait for a connection; default 5 s. */
  @JsonProperty
  public Duration getConnectTimeout() {
    return connectTimeout;
  }

  @JsonProperty
  public void setConnectTimeout(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  /**
   * The time a whole call has when the job does not say; default 30 s. The attempt's time bounds it
   * too.
   */
  @JsonProperty
  public Duration getTimeout() {
    return timeout;
  }

  @JsonProperty
  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * The most that is kept of an answer's body, and of the result it becomes; default 1 MiB. A job
   * may ask for less.
   */
  @JsonProperty
  public DataSize getMaxResponse() {
    return maxResponse;
  }

  @JsonProperty
  public void setMaxResponse(DataSize maxResponse) {
    this.maxResponse = maxResponse;
  }

  /** The most that status line and headers of an answer may have in all; default 64 KiB. */
  @JsonProperty
  public DataSize getMaxResponseHeaders() {
    return maxResponseHeaders;
  }

  @JsonProperty
  public void setMaxResponseHeaders(DataSize maxResponseHeaders) {
    this.maxResponseHeaders = maxResponseHeaders;
  }

  /**
   * What the bodies over 64 KiB of all calls under way may hold together; default 32 MiB. Such a
   * call waits for room as long as its time lasts, and keeps 64 KiB when there is none.
   */
  @JsonProperty
  public DataSize getMaxResponses() {
    return maxResponses;
  }

  @JsonProperty
  public void setMaxResponses(DataSize maxResponses) {
    this.maxResponses = maxResponses;
  }

  /** Open connections to all hosts together; default 256. */
  @JsonProperty
  public int getMaxConnections() {
    return maxConnections;
  }

  @JsonProperty
  public void setMaxConnections(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /** Open connections to one host; default 64. */
  @JsonProperty
  public int getMaxConnectionsPerHost() {
    return maxConnectionsPerHost;
  }

  @JsonProperty
  public void setMaxConnectionsPerHost(int maxConnectionsPerHost) {
    this.maxConnectionsPerHost = maxConnectionsPerHost;
  }

  /** Further tries within a call when no connection could be made; default 2. */
  @JsonProperty
  public int getConnectRetries() {
    return connectRetries;
  }

  @JsonProperty
  public void setConnectRetries(int connectRetries) {
    this.connectRetries = connectRetries;
  }

  /** The wait before such a try; default 100 ms. */
  @JsonProperty
  public Duration getConnectRetryDelay() {
    return connectRetryDelay;
  }

  @JsonProperty
  public void setConnectRetryDelay(Duration connectRetryDelay) {
    this.connectRetryDelay = connectRetryDelay;
  }

  /** Calls in a row that a destination did not serve before its circuit opens; default 10. */
  @JsonProperty
  public int getBreakerFailures() {
    return breakerFailures;
  }

  @JsonProperty
  public void setBreakerFailures(int breakerFailures) {
    this.breakerFailures = breakerFailures;
  }

  /**
   * How long an open circuit holds jobs back before it lets one through; default 5 s. Doubles when
   * that one fails.
   */
  @JsonProperty
  public Duration getBreakerDelay() {
    return breakerDelay;
  }

  @JsonProperty
  public void setBreakerDelay(Duration breakerDelay) {
    this.breakerDelay = breakerDelay;
  }

  /** The longest that an open circuit holds jobs back before it lets one through; default 1 min. */
  @JsonProperty
  public Duration getBreakerMaxDelay() {
    return breakerMaxDelay;
  }

  @JsonProperty
  public void setBreakerMaxDelay(Duration breakerMaxDelay) {
    this.breakerMaxDelay = breakerMaxDelay;
  }

  /** Circuits that are remembered, the last used ones; a call has three; default 5,000. */
  @JsonProperty
  public int getMaxBreakers() {
    return maxBreakers;
  }

  @JsonProperty
  public void setMaxBreakers(int maxBreakers) {
    this.maxBreakers = maxBreakers;
  }

  /** Names looked up at the same time; default 8. */
  @JsonProperty
  public int getMaxLookups() {
    return maxLookups;
  }

  @JsonProperty
  public void setMaxLookups(int maxLookups) {
    this.maxLookups = maxLookups;
  }

  /** The User-Agent of calls whose job names none; default {@code QuikQueue}. */
  @JsonProperty
  public String getUserAgent() {
    return userAgent;
  }

  @JsonProperty
  public void setUserAgent(String userAgent) {
    this.userAgent = userAgent;
  }

  /**
   * Names a file of keys, each of which signs every call; empty, the default = none is signed.
   *
   * @throws IllegalArgumentException saying why they cannot be used
   */
  @JsonProperty
  public void setSigningKeyFile(String signingKeyFile) {
    this.signingKeyFile = signingKeyFile.strip();
    var _ = signer(); // a wrong file is named when the settings are read, not at the first call
  }

  /** Null = calls are not signed. */
  @Nullable CallSigner signer() {
    return signingKeyFile.isEmpty() ? null : CallSigner.read(Path.of(signingKeyFile));
  }
}
