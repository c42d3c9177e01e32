package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler.HostFinder;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.PayloadCheck;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.finish.FailureLog;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.Worker;
import io.quikqueue.domain.usecase.run.WorkerHeartbeat;
import io.quikqueue.domain.usecase.run.WorkerSettings;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import io.quikqueue.handlers.HandlerRegistry;
import io.quikqueue.handlers.PayloadSchema;
import io.quikqueue.handlers.PluginLoader;
import io.quikqueue.handlers.Plugins;
import io.quikqueue.http.CallbackJobHandler;
import io.quikqueue.http.HttpJobHandler;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker with its handlers, from start to drain, and its sign of life to the store. */
public final class WorkerService implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

  /** What a worker works with. */
  public record Ports(
      ReadyQueue ready,
      JobStore store,
      JobJournal journal,
      Workers workers,
      Queues queues,
      PolicyStore policies,
      DesiredInForce desired,
      PausesInForce pauses,
      LimitsInForce limits,
      ClosedDestinations closed,
      InstantSource clock,
      Meter meter,
      Redaction redaction) {}

  private final String id = ProcessId.next();
  private final WorkerConfig config;
  private final Ports ports;
  private final HttpJobHandler http;
  private final Plugins plugins;
  private final HandlerRegistry handlers;
  private final FailureLog failures;
  private final Worker worker;
  private final WorkerHeartbeat heartbeat;
  private final Loop beat;
  private @Nullable Instant startedAt;
  private boolean toldOfTypes;
  private boolean described;

  /**
   * @param failures is asked now and then what it left out
   * @param lanes transactions under way at once that record outcomes
   * @param startsMarked jobs to be marked RUNNING before they start
   */
  public WorkerService(
      WorkerConfig config,
      Ports ports,
      FailureLog failures,
      int lanes,
      Predicate<Job> startsMarked) {
    this.config = config;
    this.ports = ports;
    this.failures = failures;
    this.http = new HttpJobHandler(config.http());
    this.plugins = load(config);
    this.handlers =
        HandlerRegistry.builtIn()
            .with(HttpJobHandler.TYPE, http)
            .with(CallbackJobs.TYPE, new CallbackJobHandler(http))
            .with(plugins);
    PayloadChecks checks =
        new PayloadChecks(
            ports.workers(),
            payloadChecks(),
            PayloadSchema::of,
            ports.redaction(),
            System::nanoTime);
    this.worker =
        new Worker(
            new WorkerSettings(
                id,
                config.queues(),
                config.slots(),
                config.queueSlots(config.slots()),
                lanes,
                config.lease(),
                config.stopGrace(),
                config.maxResult(),
                startsMarked,
                ports.redaction(),
                config.weights(),
                checks::checkResolved,
                NodeSpawners.of(ports, handlers.types(), checks)),
            ports.ready(),
            ports.store(),
            ports.journal(),
            new Finish(ports.store(), ports.ready(), ports.meter()),
            handlers,
            ports.pauses(),
            ports.limits(),
            ports.closed(),
            ports.clock(),
            () -> ThreadLocalRandom.current().nextDouble(),
            ports.meter());
    this.heartbeat = new WorkerHeartbeat(ports.workers(), this::info, System::nanoTime);
    this.beat = new Loop("worker-beat", this::beat);
  }

  /** Adds itself and its health to the process; to be stopped before what it works with. */
  public void join(Environment environment) {
    environment.lifecycle().manage(this);
    environment.healthChecks().register("worker", new TimedHealthCheck(this::slots));
    environment
        .healthChecks()
        .register(
            "plugins",
            new TimedHealthCheck(
                () ->
                    plugins.problems().isEmpty()
                        ? HealthCheck.Result.healthy()
                        : HealthCheck.Result.unhealthy(plugins.problems().toString())));
  }

  /** The types of job it has handlers for. */
  public Handlers handlers() {
    return handlers;
  }

  /** What payloads have to be like, by type, where that is known. */
  public Map<String, PayloadCheck> payloadChecks() {
    Map<String, PayloadCheck> checks = new HashMap<>(handlers.payloadChecks());
    checks.put(HttpJobHandler.TYPE, HttpJobHandler::check);
    return checks;
  }

  /** Says which hosts jobs call, by type. */
  public Map<String, HostFinder> hostFinders() {
    return Map.of(HttpJobHandler.TYPE, http.hostFinder());
  }

  /**
   * Unhealthy when as many handlers do not stop as may go on without their slots. One that drains
   * is as it should be, and says so.
   */
  private HealthCheck.Result slots() {
    List<String> types = worker.abandonedTypes();
    if (types.isEmpty()) {
      Phase phase = worker.phase();
      return phase == Phase.RUNNING
          ? HealthCheck.Result.healthy()
          : HealthCheck.Result.healthy("%s; it takes no jobs", phase.label());
    }
    String message =
        "%d handlers do not stop, of types %s; %d of %d slots are kept by them"
            .formatted(types.size(), new TreeSet<>(types), worker.stuck(), worker.slots());
    return types.size() < worker.mostAbandoned()
        ? HealthCheck.Result.healthy(message)
        : HealthCheck.Result.unhealthy(message);
  }

  /** How many slots are kept by handlers that did not stop when they were asked to. */
  public int stuck() {
    return worker.stuck();
  }

  /** How many handlers did not stop when they were asked to and still run. */
  public int abandoned() {
    return worker.abandonedTypes().size();
  }

  /** Renews all leases now. */
  public void renew() {
    worker.renew();
  }

  /** How many jobs it runs now. */
  public int busy() {
    return worker.busy();
  }

  @Override
  public void start() {
    worker.start();
    beat.start();
    Thread.ofPlatform().name("http-prepare").daemon().start(http::prepare);
    LOG.info(
        "event=worker_started worker={} slots={} queues={} types={}",
        id,
        config.slots(),
        config.queues().isEmpty() ? "all" : config.queues(),
        handlers.types());
  }

  @Override
  public void stop() throws InterruptedException {
    LOG.info("event=worker_draining worker={} busy={}", id, worker.busy());
    worker.drain(config.drain());
    beat.stop();
    try {
      ports.workers().remove(id);
      ports.desired().forget(id);
    } catch (UnavailableException e) {
      LOG.warn("event=worker_not_removed worker={} reason=\"{}\"", id, e.getMessage());
    }
    http.close();
    plugins.close();
    LOG.info("event=worker_stopped worker={}", id);
  }

  private Duration beat() {
    failures.tellLeftOut();
    if (!described) { // before it is seen alive, so that its first jobs are checked
      ports.workers().describe(handlers.schemas());
      described = true;
    }
    beAsDesired();
    Duration next = heartbeat.beat();
    tellOfMissingTypes();
    return next;
  }

  private void beAsDesired() {
    DesiredState desired = ports.desired().of(id);
    int slots = desired == null || desired.slots() == null ? config.slots() : desired.slots();
    boolean drained = desired != null && desired.draining();
    if (slots != worker.slots() || drained != (worker.phase() != Phase.RUNNING)) {
      LOG.info(
          "event=worker_changed worker={} slots={} draining={} by={}",
          id,
          slots,
          drained,
          Printable.of(desired == null ? "nobody" : desired.by()));
    }
    worker.resize(slots, config.queueSlots(slots));
    worker.rest(drained);
  }

  private WorkerInfo info() {
    Instant now = ports.clock().instant();
    Instant since = startedAt == null ? now : startedAt;
    startedAt = since;
    return new WorkerInfo(
        id,
        ProcessId.host(),
        ProcessHandle.current().pid(),
        config.queues(),
        handlers.types(),
        worker.slots(),
        worker.busy(),
        worker.running(),
        since,
        now,
        worker.phase());
  }

  /** Once: a plugin may have been forgotten. */
  private void tellOfMissingTypes() {
    if (toldOfTypes) {
      return;
    }
    Set<String> missing = new TreeSet<>(ports.workers().types());
    missing.removeAll(handlers.types());
    if (!missing.isEmpty()) {
      LOG.warn("event=types_without_handler types={} jobs_of_them=left_to_other_workers", missing);
    }
    toldOfTypes = true;
  }

  private static Plugins load(WorkerConfig config) {
    try {
      return PluginLoader.load(config.plugins());
    } catch (IOException e) {
      String why = e instanceof NotDirectoryException ? "it is no folder" : e.getMessage();
      throw new SetupException(
          "cannot read the plugins in %s (%s); choose another folder with QQ_PLUGINS"
              .formatted(Printable.of(config.plugins().toString()), why),
          e);
    } catch (IllegalArgumentException e) {
      throw new SetupException(e.getMessage() + "; leave one of them", e);
    }
  }
}
