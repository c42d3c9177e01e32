package io.quikqueue.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.rest.RestConfig;
import io.quikqueue.rest.SubmitConfig;
import io.quikqueue.runtime.SubmitterConfiguration;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** The configuration file of the api. */
public final class ApiConfiguration extends SubmitterConfiguration {

  /** What {@code POST /submit} becomes. */
  @JsonProperty @Valid @NotNull private SubmitConfig submit = new SubmitConfig();

  /** The limits of the REST API. */
  @JsonProperty @Valid @NotNull private RestConfig rest = new RestConfig();

  /** The store. */
  @JsonProperty @Valid @NotNull private DatabaseConfig database = new DatabaseConfig();

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue, for leases over HTTP; null = there are none. */
  @JsonProperty @Valid private @Nullable RedisConfig redis = new RedisConfig();

  public SubmitConfig submit() {
    return submit;
  }

  public RestConfig rest() {
    return rest;
  }

  /** An SQLite file has one process, which holds its lock: that of {@code quikqueue up}. */
  @JsonIgnore
  @ValidationMethod(message = DatabaseConfig.SERVER_WANTED)
  public boolean isDatabaseOnAServer() {
    return database.isServer();
  }

  public DatabaseConfig database() {
    return database;
  }

  public KafkaConfig kafka() {
    return kafka;
  }

  /** Null = jobs are not leased here. */
  public @Nullable RedisConfig redis() {
    return redis;
  }
}
