package io.quikqueue.standalone;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quikqueue.local.LocalConfig;
import io.quikqueue.rest.RestConfig;
import io.quikqueue.rest.SubmitConfig;
import io.quikqueue.runtime.SchedulingConfig;
import io.quikqueue.runtime.SubmitterConfiguration;
import io.quikqueue.runtime.WorkerConfig;
import io.quikqueue.sql.DatabaseConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The configuration file of the one-process service. */
public final class StandaloneConfiguration extends SubmitterConfiguration {

  /** What {@code POST /submit} becomes. */
  @JsonProperty @Valid @NotNull private SubmitConfig submit = new SubmitConfig();

  /** The limits of the REST API. */
  @JsonProperty @Valid @NotNull private RestConfig rest = new RestConfig();

  /** The store. */
  @JsonProperty @Valid @NotNull private DatabaseConfig database = new DatabaseConfig();

  /** The ready queue in memory. */
  @JsonProperty @Valid @NotNull private LocalConfig local = new LocalConfig();

  /** How jobs are run. */
  @JsonProperty @Valid @NotNull private WorkerConfig worker = new WorkerConfig();

  /** How often to look, and how long to keep. */
  @JsonProperty @Valid @NotNull private SchedulingConfig scheduling = new SchedulingConfig();

  public SubmitConfig submit() {
    return submit;
  }

  public RestConfig rest() {
    return rest;
  }

  public DatabaseConfig database() {
    return database;
  }

  public LocalConfig local() {
    return local;
  }

  public WorkerConfig worker() {
    return worker;
  }

  public SchedulingConfig scheduling() {
    return scheduling;
  }
}
