package io.quikqueue.consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quikqueue.kafka.KafkaConfig;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.runtime.DispatchConfig;
import io.quikqueue.runtime.ProcessConfiguration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The configuration file of a consumer. */
public final class ConsumerConfiguration extends ProcessConfiguration {

  /** The stream. */
  @JsonProperty @Valid @NotNull private KafkaConfig kafka = new KafkaConfig();

  /** The ready queue. */
  @JsonProperty @Valid @NotNull private RedisConfig redis = new RedisConfig();

  /** How much the ready queue is given. */
  @JsonProperty @Valid @NotNull private DispatchConfig dispatch = new DispatchConfig();

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
