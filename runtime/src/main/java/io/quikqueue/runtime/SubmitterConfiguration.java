package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.dropwizard.validation.ValidationMethod;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.usecase.redact.SecretFields;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configuration file of a process that takes jobs in. */
public abstract class SubmitterConfiguration extends ProcessConfiguration {

  /** How payloads, results and logs are encrypted where they are stored. */
  @JsonProperty @NotNull private EncryptionConfig encryption = new EncryptionConfig();

  /** Who may call the API. */
  @JsonProperty @NotNull private AccessConfig access = new AccessConfig();

  /**
   * Types of job, also those that no worker has offered yet but some will, with what their jobs
   * have by default; or only their names.
   */
  @JsonProperty
  @NotNull
  @JsonDeserialize(using = NamedDefaultsDeserializer.OfTypes.class)
  private Map<String, JobDefaultsConfig> types = Map.of();

  /** What the jobs in a queue have by default where their type has nothing. */
  @JsonProperty
  @NotNull
  @JsonDeserialize(using = NamedDefaultsDeserializer.OfQueues.class)
  private Map<String, JobDefaultsConfig> queues = Map.of();

  /** The queue of the heartbeat that an installation has from the start. */
  private static final String SYSTEM = "system";

  private static final Duration SYSTEM_RETENTION = Duration.ofHours(1);

  private Map<String, DeclareSchedules.Declared> schedules = Map.of();
  private boolean scheduling;

  /**
   * A folder with a file for each schedule, see {@link ScheduleFiles}; empty = those that are
   * declared stay as they are.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  @JsonProperty("schedules")
  public void setSchedules(String folder) {
    scheduling = !folder.isBlank();
    schedules = scheduling ? ScheduleFiles.read(Path.of(folder.strip())) : Map.of();
  }

  /** The schedules that files declare; empty = nothing is to be declared. */
  public Optional<Map<String, DeclareSchedules.Declared>> declaredSchedules() {
    return scheduling ? Optional.of(schedules) : Optional.empty();
  }

  public AccessConfig access() {
    return access;
  }

  /** The names of the types. */
  public Set<String> types() {
    return types.keySet();
  }

  /** The limits of those queues and types that have some here, of callbacks and of the system. */
  public Map<LimitKey, Limits> declaredLimits() {
    Map<LimitKey, Limits> declared = new HashMap<>();
    declared.put(LimitKey.queue(CallbackJobs.QUEUE), CallbackJobs.LIMITS);
    declared.put(LimitKey.queue(SYSTEM), Limits.of(Retention.of(SYSTEM_RETENTION)));
    declare(LimitKey.Kind.QUEUE, queues, declared);
    declare(LimitKey.Kind.TYPE, types, declared);
    return declared;
  }

  private static void declare(
      LimitKey.Kind kind, Map<String, JobDefaultsConfig> named, Map<LimitKey, Limits> declared) {
    named.forEach(
        (name, config) -> {
          Limits limits = config.limits();
          if (limits != null) {
            declared.put(new LimitKey(kind, name), limits);
          }
        });
  }

  @JsonIgnore
  @ValidationMethod(
      message =
          "queues and types: at most 1,000 of them can have limits, with 10,000 weights in all;"
              + " the queues callbacks and system are two of them")
  public boolean isWithinLimitStore() {
    Collection<Limits> declared = declaredLimits().values();
    return declared.size() <= LimitStore.MOST
        && declared.stream().mapToInt(each -> each.weights().size()).sum()
            <= LimitStore.MOST_WEIGHTS;
  }

  /** What is secret in jobs, by type. */
  public Map<String, SecretFields> secrets() {
    return JobDefaultsConfig.secrets(types);
  }

  @JsonIgnore
  @ValidationMethod(message = "queues and types: at most 1,000 of them can have policies")
  public boolean isWithinPolicyStore() {
    return declaredPolicies().size() <= PolicyStore.MOST;
  }

  /** How jobs are tried that do not say so, of those queues and types that say it here. */
  public Map<LimitKey, PolicyOptions> declaredPolicies() {
    Map<LimitKey, PolicyOptions> declared = new HashMap<>();
    declarePolicies(LimitKey.Kind.QUEUE, queues, declared);
    declarePolicies(LimitKey.Kind.TYPE, types, declared);
    return declared;
  }

  private static void declarePolicies(
      LimitKey.Kind kind,
      Map<String, JobDefaultsConfig> named,
      Map<LimitKey, PolicyOptions> declared) {
    named.forEach(
        (name, config) -> {
          PolicyOptions policy = config.policy();
          if (policy != null) {
            declared.put(new LimitKey(kind, name), policy);
          }
        });
  }

  public EncryptionConfig encryption() {
    return encryption;
  }
}
