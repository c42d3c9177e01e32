package io.quikqueue.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/** The job that {@code POST /submit} makes of a text. */
public final class SubmitConfig {

  /** The type whose jobs call the endpoint; jobs of any other type get the text as payload. */
  static final String HTTP = "http";

  /** A URL with a port. */
  private static final java.util.regex.Pattern PORT =
      java.util.regex.Pattern.compile(
          "(?i)https?://[^/?#]*:([0-9]+)([/?#].*)?", java.util.regex.Pattern.DOTALL);

  private String type = HTTP;
  private String queue = JobSpec.DEFAULT_QUEUE;

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
  @JsonSetter(nulls = Nulls.FAIL)
  public void setType(String type) {
    require(type, JobSpec::requireType);
    this.type = type;
  }

  /** Their queue; default {@code default}. */
  @JsonProperty
  public String getQueue() {
    return queue;
  }

  @JsonProperty
  @JsonSetter(nulls = Nulls.FAIL)
  public void setQueue(String queue) {
    require(queue, JobSpec::requireQueue);
    this.queue = queue;
  }

  /** The URL that an {@code http} job posts {@code {"text": …}} to. */
  @JsonProperty
  public String getEndpoint() {
    return endpoint;
  }

  @JsonProperty
  public void setEndpoint(String endpoint) {
    Matcher port = PORT.matcher(endpoint);
    if (port.matches() && !isPort(port.group(1))) {
      throw new IllegalArgumentException("must have a port from 1 to 65535, if any");
    }
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

  private static boolean isPort(String digits) {
    int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    return port > 0 && port <= 65_535;
  }

  /** By the rule for jobs; whoever reads the file names the setting in place of a job's field. */
  private static void require(String value, Consumer<String> rule) {
    try {
      rule.accept(value);
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(e.problem(), e);
    }
  }
}
