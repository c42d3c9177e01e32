package io.quikqueue.worker;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.runtime.ProcessConfiguration;
import io.quikqueue.runtime.WorkerConfig;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The configuration file of a worker. */
public final class WorkerConfiguration extends ProcessConfiguration {

  /** The store. */
  @JsonProperty @Valid @NotNull private DatabaseConfig database = new DatabaseConfig();

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue. */
  @JsonProperty @Valid @NotNull private RedisConfig redis = new RedisConfig();

  /** How jobs are run. */
  @JsonProperty @Valid @NotNull private WorkerConfig worker = new WorkerConfig();

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

  public WorkerConfig worker() {
    return worker;
  }
}
