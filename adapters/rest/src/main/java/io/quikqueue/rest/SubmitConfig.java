package io.quikqueue.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.TimeUnit;

/** The job that {@code POST /submit} makes of a text. */
public final class SubmitConfig {

  /** The type whose jobs call the endpoint; jobs of any other type get the text as payload. */
  static final String HTTP = "http";

  @NotNull
  @Pattern(regexp = "[A-Za-z0-9_.-]{1,64}", message = "must be 1 to 64 of A-Z a-z 0-9 _ . -")
  private String type = HTTP;

  @NotNull
  @Pattern(regexp = "[a-z0-9_.-]{1,64}", message = "must be 1 to 64 of a-z 0-9 _ . -")
  private String queue = "default";

  @NotNull
  @Pattern(
      regexp = "(?i)https?://[^\\s/].*",
      message = "must be a URL that begins with http:// or https://")
  private String endpoint = "http://127.0.0.1:8000/echo";

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 24, unit = TimeUnit.HOURS)
  private Duration timeout = Duration.seconds(60);

  /** The type of the jobs; default {@code http}. */
  @JsonProperty
  public String getType() {
    return type;
  }

  @JsonProperty
  public void setType(String type) {
    this.type = type;
  }

  /** Their queue; default {@code default}. */
  @JsonProperty
  public String getQueue() {
    return queue;
  }

  @JsonProperty
  public void setQueue(String queue) {
    this.queue = queue;
  }

  /** The URL that an {@code http} job posts {@code {"text": …}} to. */
  @JsonProperty
  public String getEndpoint() {
    return endpoint;
  }

  @JsonProperty
  public void setEndpoint(String endpoint) {
    this.endpoint = endpoint;
  }

  /** How long one attempt may run; default 60 s. */
  @JsonProperty
  public Duration getTimeout() {
    return timeout;
  }

  @JsonProperty
  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }
}
