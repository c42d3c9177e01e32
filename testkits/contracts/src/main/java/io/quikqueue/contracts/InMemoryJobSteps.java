package io.quikqueue.contracts;

import static java.util.Comparator.comparing;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Kind;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.domain.port.JobSteps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The steps and signals of the jobs of an {@link InMemoryStore}, under its lock. */
final class InMemoryJobSteps implements JobSteps, JobSignals {

  private final InMemoryStore store;
  private final NavigableMap<JobId, Job> jobs;
  private final Map<JobId, Map<String, JobStep>> steps = new HashMap<>();
  private final Map<JobId, List<Kept>> signals = new HashMap<>();

  /**
   * @param payload null = it was taken
   */
  private record Kept(Signal signal, @Nullable String payload) {

    boolean waits(String name) {
      return signal.name().equals(name) && payload != null;
    }
  }

  InMemoryJobSteps(InMemoryStore store, NavigableMap<JobId, Job> jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  @Override
  public Answer keep(AttemptId attempt, JobStep step) {
    synchronized (store) {
      if (!isCurrent(attempt)) {
        return new Answer.Stale();
      }
      JobStep kept = of(attempt.job()).get(step.name());
      if (kept != null) {
        return new Answer.Kept(kept);
      }
      Answer.Full full = full(attempt.job(), bytes(step.value()));
      if (full != null) {
        return full;
      }
      of(attempt.job()).put(step.name(), step);
      return new Answer.Kept(step);
    }
  }

  @Override
  public Answer await(AttemptId attempt, JobStep wait) {
    synchronized (store) {
      if (!isCurrent(attempt)) {
        return new Answer.Stale();
      }
      JobStep kept = of(attempt.job()).get(wait.name());
      if (kept != null && (kept.kind() != Kind.SIGNAL || kept.status() != Status.PENDING)) {
        return new Answer.Kept(kept);
      }
      Answer.Full full = kept == null ? full(attempt.job(), 0) : null;
      if (full != null) {
        return full;
      }
      JobStep begun = kept == null ? wait : kept;
      Optional<Kept> come = come(attempt.job(), Objects.requireNonNull(begun.signal()));
      JobStep now =
          come.map(each -> begun.received(attempt.number(), Objects.requireNonNull(each.payload())))
              .orElseGet(() -> begun.asked(attempt.number(), wait.at()));
      signals
          .computeIfAbsent(attempt.job(), _ -> new ArrayList<>())
          .replaceAll(
              each -> each.equals(come.orElse(null)) ? new Kept(each.signal(), null) : each);
      of(attempt.job()).put(now.name(), now);
      return new Answer.Kept(now);
    }
  }

  @Override
  public List<JobStep> steps(JobId job) {
    synchronized (store) {
      return steps.getOrDefault(job, Map.of()).values().stream()
          .sorted(comparing(JobStep::at).thenComparing(JobStep::name))
          .toList();
    }
  }

  @Override
  public Sent send(Signal signal, UnaryOperator<Transition> refresh) {
    synchronized (store) {
      Job job = jobs.get(signal.job());
      if (job == null) {
        return new Sent.UnknownJob();
      }
      List<Kept> its = signals.computeIfAbsent(signal.job(), _ -> new ArrayList<>());
      for (Kept each : its) {
        Signal first = each.signal();
        if (first.name().equals(signal.name()) && first.key().equals(signal.key())) {
          return signal.isSameAs(first.fingerprint())
              ? new Sent.Repeated(job.state())
              : new Sent.KeyReused();
        }
      }
      if (job.state().terminal()) {
        return new Sent.Over(job.state());
      }
      if (its.size() >= JobSignals.MOST) {
        return new Sent.Full("the job has had " + JobSignals.MOST + " signals already");
      }
      int bytes = its.stream().mapToInt(each -> bytes(each.signal().payload())).sum();
      if (bytes + bytes(signal.payload()) > JobSignals.MOST_BYTES) {
        return new Sent.Full(
            "the signals of the job would have more than " + JobSignals.MOST_BYTES + " bytes");
      }
      its.add(new Kept(signal, signal.payload()));
      if (job.state() != JobState.SCHEDULED || !awaits(job.id(), job.attempt() - 1)) {
        return new Sent.Accepted(job.state(), List.of());
      }
      Transition wake =
          job.wake(signal.at().isAfter(job.updatedAt()) ? signal.at() : job.updatedAt());
      return new Sent.Accepted(JobState.QUEUED, store.save(List.of(refresh.apply(wake))).ready());
    }
  }

  /** One that goes to sleep for a signal which has come is due at once. */
  Transition placed(Transition change) {
    return change.suspended() && awaits(change.before().id(), change.before().attempt())
        ? change.dueAtOnce()
        : change;
  }

  void changed(Transition change) {
    if (change.startedAnew()) {
      steps.remove(change.before().id());
      signals.remove(change.before().id());
    }
    if (change.moved() && change.before().state() == JobState.SCHEDULED) {
      of(change.before().id()).replaceAll((_, step) -> asked(step, change));
    }
  }

  /** One that waits for a signal is to be woken by it also at its next attempt. */
  private static JobStep asked(JobStep step, Transition change) {
    return step.kind() == Kind.SIGNAL
            && step.status() == Status.PENDING
            && step.attempt() == change.before().attempt() - 1
        ? step.asked(change.after().attempt() - 1, step.at())
        : step;
  }

  void removed(Set<JobId> gone) {
    steps.keySet().removeAll(gone);
    signals.keySet().removeAll(gone);
  }

  /** Whether an attempt has asked for a signal that is there. */
  private boolean awaits(JobId job, int attempt) {
    return steps.getOrDefault(job, Map.of()).values().stream()
        .filter(step -> step.kind() == Kind.SIGNAL && step.status() == Status.PENDING)
        .filter(step -> step.attempt() == attempt)
        .anyMatch(step -> come(job, Objects.requireNonNull(step.signal())).isPresent());
  }

  private Optional<Kept> come(JobId job, String name) {
    return signals.getOrDefault(job, List.of()).stream()
        .filter(each -> each.waits(name))
        .min(
            comparing((Kept each) -> each.signal().at())
                .thenComparing(each -> each.signal().key()));
  }

  private Map<String, JobStep> of(JobId job) {
    return steps.computeIfAbsent(job, _ -> new LinkedHashMap<>());
  }

  private Answer.@Nullable Full full(JobId job, int size) {
    if (of(job).size() >= JobSteps.MOST) {
      return Answer.Full.ofCount();
    }
    int bytes =
        of(job).values().stream()
            .filter(step -> step.kind() == Kind.RESULT)
            .mapToInt(step -> bytes(step.value()))
            .sum();
    return size > 0 && bytes + size > JobSteps.MOST_BYTES ? Answer.Full.ofBytes() : null;
  }

  private static int bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private boolean isCurrent(AttemptId attempt) {
    return store.current(List.of(attempt)).contains(attempt);
  }
}
