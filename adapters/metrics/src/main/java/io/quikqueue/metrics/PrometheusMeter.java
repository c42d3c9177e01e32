package io.quikqueue.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.workflow.WorkflowState;
import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts in a Prometheus registry of its own, together with figures of the JVM. */
public final class PrometheusMeter implements Meter {

  private static final double[] BUCKETS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800
  };

  /** Pairs of queue and type that are told apart; what fails beyond is counted together. */
  private static final int MAX_FAILING = 1000;

  /** No queue and no type has such a name. */
  private static final String OTHER = "(other)";

  private final PrometheusRegistry registry;
  private final Counter submitted;
  private final Counter announced;
  private final Counter relayed;
  private final Counter dispatched;
  private final Counter ran;
  private final Counter failed;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Counter stale;
  private final Counter rescued;
  private final Counter woken;
  private final Counter schedulesFired;
  private final Counter schedulesMissed;
  private final Counter schedulesUnusable;
  private final AccessCounters access;
  private final Histogram scheduleLate;
  private final Counter workflowsSubmitted;
  private final Counter workflowsEnded;
  private final Counter workflowNodes;
  private final Histogram workflowTime;
  private final Histogram runTime;
  private final Histogram waitTime;

  public PrometheusMeter() {
    this(new PrometheusRegistry());
  }

  PrometheusMeter(PrometheusRegistry registry) {
    this.registry = registry;
    this.submitted =
        counter(registry, "quikqueue_jobs_submitted", "Jobs accepted, by queue.", "queue");
    this.announced = counter(registry, "quikqueue_jobs_announced", "Jobs announced.");
    this.relayed =
        counter(
            registry, "quikqueue_jobs_relayed", "Jobs the relay found left behind and announced.");
    this.dispatched =
        counter(registry, "quikqueue_jobs_dispatched", "Jobs handed to the ready queue.");
    this.ran =
        counter(
            registry,
            "quikqueue_attempts",
            "Attempts that ended, by outcome.",
            "queue",
            "type",
            "outcome");
    this.failed =
        counter(
            registry,
            "quikqueue_jobs_failed",
            "Jobs that failed for good, by queue and type.",
            "queue",
            "type");
    this.stale =
        counter(
            registry, "quikqueue_finishes_stale", "Endings refused because the job had moved on.");
    this.rescued = counter(registry, "quikqueue_jobs_rescued", "Attempts whose worker vanished.");
    this.woken =
        counter(registry, "quikqueue_jobs_woken", "Delayed and retrying jobs that became due.");
    this.schedulesFired =
        counter(
            registry, "quikqueue_schedules_fired", "Fires of schedules, by outcome.", "outcome");
    this.schedulesMissed =
        counter(registry, "quikqueue_schedule_missed", "Fire times that were not made up for.");
    this.schedulesUnusable =
        counter(
            registry,
            "quikqueue_schedule_unusable",
            "Looks at schedules that were due and could not fire, by reason.",
            "reason");
    this.access = new AccessCounters(registry);
    this.scheduleLate =
        Histogram.builder()
            .name("quikqueue_schedule_late_seconds")
            .help("From when a fire was due until it was written.")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.workflowsSubmitted =
        counter(registry, "quikqueue_workflows_submitted", "Workflows that were stored.");
    this.workflowsEnded =
        counter(registry, "quikqueue_workflows_ended", "Workflows that ended, by state.", "state");
    this.workflowNodes =
        counter(
            registry,
            "quikqueue_workflow_nodes_ended",
            "Nodes of the workflows that ended, by state.",
            "state");
    this.workflowTime =
        Histogram.builder()
            .name("quikqueue_workflow_seconds")
            .help("From the submit of a workflow until its end, by state.")
            .labelNames("state")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(registry);
    this.runTime = histogram(registry, "quikqueue_run_seconds", "How long attempts ran, by type.");
    this.waitTime =
        histogram(registry, "quikqueue_wait_seconds", "From due until started, by type.");
    JvmMetrics.builder().register(registry);
  }

  /**
   * Adds a figure that is asked for at each scrape, within the scrape's thread. While what it asks
   * is unavailable, the figure is absent.
   *
   * @param label the name of the one label
   * @param values the figure for each value of the label
   */
  public void gauge(String name, String help, String label, Supplier<Map<String, Long>> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(
            out -> {
              try {
                values.get().forEach((value, figure) -> out.call(figure, value));
              } catch (UnavailableException e) {
                // Absent is the honest figure; the health check says why.
              }
            })
        .register(registry);
  }

  /**
   * Adds a figure without a label; otherwise as {@link #gauge(String, String, String, Supplier)}.
   */
  public void gauge(String name, String help, Supplier<Long> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(
            out -> {
              try {
                out.call(value.get());
              } catch (UnavailableException e) {
                // Absent is the honest figure; the health check says why.
              }
            })
        .register(registry);
  }

  /** Serves the figures in the formats that Prometheus reads. */
  public Servlet servlet() {
    return new PrometheusMetricsServlet(registry);
  }

  @Override
  public void submitted(String queue, int jobs) {
    submitted.labelValues(queue).inc(jobs);
  }

  @Override
  public void announced(int jobs) {
    announced.inc(jobs);
  }

  @Override
  public void relayed(int jobs) {
    relayed.inc(jobs);
  }

  @Override
  public void dispatched(int jobs) {
    dispatched.inc(jobs);
  }

  @Override
  public void ran(String queue, String type, String outcome, Duration waited, Duration took) {
    ran.labelValues(queue, type, outcome).inc();
    runTime.labelValues(type).observe(took.toNanos() / 1e9);
    waitTime.labelValues(type).observe(waited.toNanos() / 1e9);
  }

  @Override
  public void failed(String queue, String type) {
    String pair = queue + ' ' + type;
    if (failing.contains(pair) || (failing.size() < MAX_FAILING && failing.add(pair))) {
      failed.labelValues(queue, type).inc();
    } else {
      failed.labelValues(OTHER, OTHER).inc();
    }
  }

  @Override
  public void stale(int attempts) {
    stale.inc(attempts);
  }

  @Override
  public void rescued(int jobs) {
    rescued.inc(jobs);
  }

  @Override
  public void woken(int jobs) {
    woken.inc(jobs);
  }

  @Override
  public void workflowSubmitted() {
    workflowsSubmitted.inc();
  }

  @Override
  public void workflowEnded(
      WorkflowState state, Map<JobState, Integer> nodes, @Nullable Duration took) {
    String label = state.name().toLowerCase(Locale.ROOT);
    workflowsEnded.labelValues(label).inc();
    nodes.forEach(
        (end, count) -> {
          if (count > 0) {
            workflowNodes.labelValues(end.name().toLowerCase(Locale.ROOT)).inc(count);
          }
        });
    if (took != null) {
      workflowTime.labelValues(label).observe(took.toNanos() / 1e9);
    }
  }

  @Override
  public void scheduleFired(String outcome) {
    schedulesFired.labelValues(outcome).inc();
  }

  @Override
  public void scheduleLate(Duration late) {
    scheduleLate.observe(late.toNanos() / 1e9);
  }

  @Override
  public void scheduleMissed(long fires) {
    schedulesMissed.inc(fires);
  }

  @Override
  public void accessRefused(String reason) {
    access.refused(reason);
  }

  @Override
  public void loginFailed(String reason) {
    access.loginFailed(reason);
  }

  @Override
  public void scheduleUnusable(String reason) {
    schedulesUnusable.labelValues(reason).inc();
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private static Histogram histogram(PrometheusRegistry registry, String name, String help) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames("type")
        .classicOnly()
        .classicUpperBounds(BUCKETS)
        .register(registry);
  }
}
