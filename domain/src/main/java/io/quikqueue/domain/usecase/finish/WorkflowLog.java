package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.CappedLog;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the meter of workflows that have ended, and the log: of each that did not succeed, at most
 * 120 a minute, and then how many were left out; of the others where DEBUG is on. Safe for use by
 * several threads.
 */
public final class WorkflowLog implements WorkflowListener {

  private static final Logger LOG = System.getLogger(WorkflowLog.class.getName());

  private final Meter meter;
  private final CappedLog out;

  public WorkflowLog(Meter meter) {
    this(meter, System::nanoTime, LOG::log);
  }

  WorkflowLog(Meter meter, LongSupplier nanos, BiConsumer<Level, String> out) {
    this.meter = meter;
    this.out = new CappedLog("workflow_ended", Level.INFO, nanos, out);
  }

  /** Counts of workflows by the names of their states in figures. */
  public static Map<String, Long> figures(Map<WorkflowState, Long> counts) {
    Map<String, Long> figures = new HashMap<>();
    counts.forEach((state, count) -> figures.put(state.name().toLowerCase(Locale.ROOT), count));
    return figures;
  }

  @Override
  public void ended(WorkflowView workflow) {
    meter.workflowEnded(workflow.progress().state(), nodes(workflow.progress()), took(workflow));
    if (workflow.progress().state() == WorkflowState.DONE) {
      LOG.log(Level.DEBUG, () -> line(workflow));
    } else {
      out.tell(() -> line(workflow));
    }
  }

  private static Map<JobState, Integer> nodes(WorkflowProgress progress) {
    Map<JobState, Integer> nodes = new EnumMap<>(JobState.class);
    nodes.put(JobState.DONE, progress.done());
    nodes.put(JobState.FAILED, progress.failed());
    nodes.put(JobState.CANCELLED, progress.cancelled());
    nodes.put(JobState.EXPIRED, progress.expired());
    nodes.put(JobState.SKIPPED, progress.skipped());
    return nodes;
  }

  /** When a later generation began is not known here: it has no duration. */
  private static @Nullable Duration took(WorkflowView workflow) {
    Instant end = workflow.finishedAt();
    return end == null || workflow.generation() > 1
        ? null
        : Duration.between(workflow.createdAt(), end);
  }

  private static String line(WorkflowView workflow) {
    WorkflowProgress progress = workflow.progress();
    Duration took = took(workflow);
    return ("event=workflow_ended workflow_id=%s name=%s state=%s generation=%d nodes=%d done=%d"
            + " failed=%d cancelled=%d expired=%d skipped=%d duration_ms=%s")
        .formatted(
            workflow.id(),
            LogText.escape(workflow.name(), 64),
            progress.state(),
            workflow.generation(),
            workflow.nodes(),
            progress.done(),
            progress.failed(),
            progress.cancelled(),
            progress.expired(),
            progress.skipped(),
            took == null ? "none" : took.toMillis());
  }
}
