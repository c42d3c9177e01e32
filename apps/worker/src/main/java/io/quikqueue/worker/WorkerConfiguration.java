package io.quikqueue.worker;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.redact.SecretFields;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.runtime.EncryptionConfig;
import io.quikqueue.runtime.ProcessConfiguration;
import io.quikqueue.runtime.WorkerConfig;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configuration file of a worker. */
public final class WorkerConfiguration extends ProcessConfiguration {

  /** How payloads, results and logs are encrypted where they are stored. */
  @JsonProperty @NotNull private EncryptionConfig encryption = new EncryptionConfig();

  /** The store. */
  @JsonProperty @Valid @NotNull private DatabaseConfig database = new DatabaseConfig();

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue. */
  @JsonProperty @Valid @NotNull private RedisConfig redis = new RedisConfig();

  /** How jobs are run. */
  @JsonProperty @Valid @NotNull private WorkerConfig worker = new WorkerConfig();

  /** What is secret in jobs, by type; here so that it is kept out of their errors. */
  private Map<String, SecretFields> secrets = Map.of();

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

  /** What is secret in jobs, by type. */
  public Map<String, SecretFields> secrets() {
    return secrets;
  }

  /**
   * @throws IllegalArgumentException saying which of them is wrong
   */
  @JsonProperty("secrets")
  void setSecrets(@NotNull Map<String, List<String>> pointers) {
    Map<String, SecretFields> fields = new HashMap<>();
    pointers.forEach(
        (type, each) -> {
          try {
            JobSpec.requireType(type);
            fields.put(type, SecretFields.of(each));
          } catch (InvalidFieldException e) {
            throw new IllegalArgumentException('"' + type + "\" " + e.problem());
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("of \"" + type + "\": " + e.getMessage());
          }
        });
    this.secrets = Map.copyOf(fields);
  }

  public WorkerConfig worker() {
    return worker;
  }

  public EncryptionConfig encryption() {
    return encryption;
  }
}
