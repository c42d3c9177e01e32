package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobEvent;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.CappedLog;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Tells the log of attempts that failed and of jobs that were given up, and the meter of the
 * latter. Of each kind the log gets at most 120 lines a minute, and then how many were left out.
 * Safe for use by several threads.
 */
public final class FailureLog implements JobListener {

  private static final Logger LOG = System.getLogger(FailureLog.class.getName());
  private static final String ATTEMPT_FAILED = "attempt_failed";
  private static final String JOB_FAILED = "job_failed";
  private static final int MAX_MESSAGE = 500;

  private final Meter meter;
  private final CappedLog attempts;
  private final CappedLog jobs;

  public FailureLog(Meter meter) {
    this(meter, System::nanoTime, LOG::log);
  }

  FailureLog(Meter meter, LongSupplier nanos, BiConsumer<Level, String> out) {
    this.meter = meter;
    this.attempts = new CappedLog(ATTEMPT_FAILED, Level.WARNING, nanos, out);
    this.jobs = new CappedLog(JOB_FAILED, Level.WARNING, nanos, out);
  }

  @Override
  public void changed(List<Transition> transitions) {
    for (Transition transition : transitions) {
      for (JobEvent event : transition.events()) {
        switch (event.kind()) {
          case ATTEMPT_FAILED -> attempts.tell(() -> line(ATTEMPT_FAILED, transition));
          case GAVE_UP -> gaveUp(transition);
          default -> {}
        }
      }
    }
  }

  private void gaveUp(Transition transition) {
    meter.failed(transition.after().spec().queue(), transition.after().spec().type());
    jobs.tell(() -> line(JOB_FAILED, transition));
  }

  /** Says how many lines were left out, when it is time to; to be called now and then. */
  public void tellLeftOut() {
    attempts.tellLeftOut();
    jobs.tellLeftOut();
  }

  private static String line(String event, Transition transition) {
    Job job = transition.before();
    String error = String.valueOf(transition.after().error());
    AttemptRecord ended = transition.ended();
    String errorClass = ended == null ? null : ended.errorClass();
    return "event=%s job_id=%s attempt=%d type=%s queue=%s error_class=%s error=\"%s\""
        .formatted(
            event,
            job.id(),
            job.attempt(),
            job.spec().type(),
            job.spec().queue(),
            errorClass == null ? "none" : LogText.escape(errorClass, MAX_MESSAGE),
            LogText.escape(error, MAX_MESSAGE));
  }
}
