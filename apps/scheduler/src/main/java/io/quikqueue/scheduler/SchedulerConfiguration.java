package io.quikqueue.scheduler;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.runtime.DispatchConfig;
import io.quikqueue.runtime.EncryptionConfig;
import io.quikqueue.runtime.ProcessConfiguration;
import io.quikqueue.runtime.SchedulingConfig;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The configuration file of a scheduler. */
public final class SchedulerConfiguration extends ProcessConfiguration {

  /** How payloads, results and logs are encrypted where they are stored. */
  @JsonProperty @NotNull private EncryptionConfig encryption = new EncryptionConfig();

  /** The store. */
  @JsonProperty @Valid @NotNull private DatabaseConfig database = new DatabaseConfig();

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue. */
  @JsonProperty @Valid @NotNull private RedisConfig redis = new RedisConfig();

  /** How much the ready queue is given. */
  @JsonProperty @Valid @NotNull private DispatchConfig dispatch = new DispatchConfig();

  /** How often to look, and how long to keep. */
  @JsonProperty @Valid @NotNull private SchedulingConfig scheduling = new SchedulingConfig();

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

  public RedisConfig redis() {
    return redis;
  }

  public DispatchConfig dispatch() {
    return dispatch;
  }

  public SchedulingConfig scheduling() {
    return scheduling;
  }

  public EncryptionConfig encryption() {
    return encryption;
  }
}
