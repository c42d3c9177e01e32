package io.quikqueue.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.workflow.WorkflowState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusMeterTest {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusMeter meter = new PrometheusMeter(registry);

  @Test
  void countsWhatHappens() throws IOException {
    meter.submitted("default", 3);
    meter.announced(3);
    meter.relayed(1);
    meter.dispatched(3);
    meter.ran("default", "echo", "done", Duration.ofMillis(2), Duration.ofMillis(40));
    meter.stale(2);
    meter.rescued(4);
    meter.woken(5);

    assertThat(scrape())
        .contains(
            "quikqueue_jobs_submitted_total{queue=\"default\"} 3.0",
            "quikqueue_jobs_announced_total 3.0",
            "quikqueue_jobs_relayed_total 1.0",
            "quikqueue_jobs_dispatched_total 3.0",
            "quikqueue_attempts_total{outcome=\"done\",queue=\"default\",type=\"echo\"} 1.0",
            "quikqueue_run_seconds_bucket{type=\"echo\",le=\"0.025\"} 0",
            "quikqueue_run_seconds_bucket{type=\"echo\",le=\"0.05\"} 1",
            "quikqueue_wait_seconds_bucket{type=\"echo\",le=\"0.0025\"} 1",
            "quikqueue_finishes_stale_total 2.0",
            "quikqueue_jobs_rescued_total 4.0",
            "quikqueue_jobs_woken_total 5.0",
            "jvm_memory_used_bytes");
  }

  @Test
  void countsWhomNobodyLetIn() throws IOException {
    meter.accessRefused("expired");
    meter.loginFailed("too_many");

    assertThat(scrape())
        .contains(
            "quikqueue_access_refused_total{reason=\"expired\"} 1.0",
            "quikqueue_logins_failed_total{reason=\"too_many\"} 1.0");
  }

  @Test
  void countsWorkflows() throws IOException {
    meter.workflowSubmitted();
    meter.workflowEnded(
        WorkflowState.FAILED,
        Map.of(JobState.DONE, 2, JobState.FAILED, 1, JobState.EXPIRED, 0),
        Duration.ofMillis(40));
    meter.workflowEnded(WorkflowState.DONE, Map.of(JobState.DONE, 3), null);

    assertThat(scrape())
        .contains(
            "quikqueue_workflows_submitted_total 1.0",
            "quikqueue_workflows_ended_total{state=\"failed\"} 1.0",
            "quikqueue_workflows_ended_total{state=\"done\"} 1.0",
            "quikqueue_workflow_nodes_ended_total{state=\"done\"} 5.0",
            "quikqueue_workflow_nodes_ended_total{state=\"failed\"} 1.0",
            "quikqueue_workflow_seconds_bucket{state=\"failed\",le=\"0.05\"} 1")
        .doesNotContain("expired", "quikqueue_workflow_seconds_count{state=\"done\"}");
  }

  @Test
  void leavesOutAFigureThatCannotBeAskedFor() throws IOException {
    meter.gauge("quikqueue_ready_jobs", "Ready jobs.", "queue", () -> Map.of("default", 7L));
    meter.gauge(
        "quikqueue_stream_lag_jobs",
        "Lag.",
        () -> {
          throw new UnavailableException("stream", "away");
        });

    assertThat(scrape())
        .contains("quikqueue_ready_jobs{queue=\"default\"} 7.0")
        .doesNotContain("quikqueue_stream_lag_jobs ");
  }

  private String scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }
}
