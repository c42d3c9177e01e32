package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.AttemptOverException;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Kind;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The steps of the job of one attempt, read once. Safe for use by several threads. */
final class AttemptSteps implements DurableSteps {

  /** What is left of a sleep and does not pay for giving back the slot: clocks differ by less. */
  private static final Duration SHORT = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofDays(366);

  private final ActiveAttempt attempt;
  private final JobSteps store;
  private volatile @Nullable Map<String, JobStep> known;

  AttemptSteps(ActiveAttempt attempt, JobSteps store) {
    this.attempt = attempt;
    this.store = store;
  }

  @Override
  public Instant now() {
    return attempt.now();
  }

  @Override
  public @Nullable String find(String name) {
    JobStep.requireName("name", name);
    JobStep step = known().get(name);
    return step == null ? null : value(step);
  }

  @Override
  public String keep(String name, String json) {
    JobStep.requireName("name", name);
    String problem = ResultSize.problem(json, JobSteps.LARGEST);
    if (problem != null) {
      throw new InvalidFieldException("value", problem);
    }
    return value(kept(store.keep(id(), JobStep.result(name, id().number(), now(), json))));
  }

  @Override
  public Pause sleep(String name, Instant until) {
    JobStep.requireName("name", name);
    Map<String, JobStep> present = known;
    JobStep kept = present == null ? null : present.get(name);
    if (kept == null) {
      Instant asked = bounded("until", until);
      kept = kept(store.keep(id(), JobStep.sleep(name, id().number(), now(), asked)));
    }
    Instant end = kept.until();
    if (kept.kind() != Kind.SLEEP || end == null) {
      throw other(kept, "sleep");
    }
    Duration left = Duration.between(now(), end);
    if (left.compareTo(SHORT) <= 0) {
      return new Pause.Over(left.isNegative() ? Duration.ZERO : left);
    }
    attempt.suspend(end, "sleeps until " + end);
    return new Pause.Suspended();
  }

  @Override
  public Pause await(String name, String signal, Instant until) {
    JobStep.requireName("name", name);
    JobStep.requireName("signal", signal);
    Instant end = bounded("timeout", until);
    JobStep wait = JobStep.wait(name, id().number(), now(), end, signal);
    JobStep kept = kept(store.await(id(), wait));
    Instant last = kept.until();
    if (kept.kind() != Kind.SIGNAL || !signal.equals(kept.signal()) || last == null) {
      throw other(kept, "wait for the signal " + signal);
    }
    return switch (kept.status()) {
      case DONE -> new Pause.Received(opened(kept, String.valueOf(kept.value())));
      case TIMED_OUT -> new Pause.TimedOut();
      case PENDING -> {
        attempt.suspend(last, "waits for signal " + signal + " until " + last);
        yield new Pause.Suspended();
      }
    };
  }

  private Instant bounded(String field, Instant until) {
    if (until.isAfter(now().plus(LONGEST))) {
      throw new InvalidFieldException(field, "must be at most 366 days ahead");
    }
    return until.truncatedTo(ChronoUnit.MICROS);
  }

  private JobStep kept(JobSteps.Answer answer) {
    return switch (answer) {
      case JobSteps.Answer.Kept(JobStep step) -> {
        Map<String, JobStep> present = known;
        if (present != null) {
          present.put(step.name(), step);
        }
        yield step;
      }
      case JobSteps.Answer.Full(String field, String problem) ->
          throw new InvalidFieldException(field, problem);
      case JobSteps.Answer.Stale() -> {
        attempt.superseded();
        throw new AttemptOverException(id());
      }
    };
  }

  private synchronized Map<String, JobStep> known() {
    Map<String, JobStep> present = known;
    if (present == null) {
      present = new ConcurrentHashMap<>();
      for (JobStep step : store.steps(id().job())) {
        present.put(step.name(), step);
      }
      known = present;
    }
    return present;
  }

  private AttemptId id() {
    return attempt.id();
  }

  private static String value(JobStep step) {
    String value = step.value();
    if (step.kind() != Kind.RESULT || value == null) {
      throw other(step, "result");
    }
    return opened(step, value);
  }

  /** A value that is encrypted with a key that is missing here is as far away as a store can be. */
  private static String opened(JobStep step, String value) {
    if (SealedText.isSealed(value)) {
      throw new UnavailableException(
          "key",
          "the value of step "
              + step.name()
              + " is encrypted with "
              + SealedText.keyId(value)
              + ", which is unusable here");
    }
    return value;
  }

  private static InvalidFieldException other(JobStep kept, String wanted) {
    String is =
        switch (kept.kind()) {
          case RESULT -> "result";
          case SLEEP -> "sleep";
          case SIGNAL -> "wait for the signal " + kept.signal();
        };
    return new InvalidFieldException(
        "name", "is that of a " + is + " already, and not of a " + wanted);
  }
}
