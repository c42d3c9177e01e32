package io.quikqueue.consumer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.runtime.DispatchConfig;
import io.quikqueue.runtime.ProcessConfiguration;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** The configuration file of a consumer. */
public final class ConsumerConfiguration extends ProcessConfiguration {

  /** The store, for jobs to be parked in; null = none are parked. */
  @JsonProperty @Valid private @Nullable DatabaseConfig database = new DatabaseConfig();

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue. */
  @JsonProperty @Valid @NotNull private RedisConfig redis = new RedisConfig();

  /** How much the ready queue is given. */
  @JsonProperty @Valid @NotNull private DispatchConfig dispatch = new DispatchConfig();

  /** An SQLite file has one process, which holds its lock: that of {@code quikqueue up}. */
  @JsonIgnore
  @ValidationMethod(message = DatabaseConfig.SERVER_WANTED)
  public boolean isDatabaseOnAServer() {
    return database == null || database.isServer();
  }

  public @Nullable DatabaseConfig database() {
    return database;
  }

  public KafkaConfig kafka() {
    return kafka;
  }

  public RedisConfig redis() {
    return redis;
  }

  public DispatchConfig dispatch() {
    return dispatch;
  }
}
