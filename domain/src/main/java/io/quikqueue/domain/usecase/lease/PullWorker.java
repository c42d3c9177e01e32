package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.run.ActiveAttempt;
import io.quikqueue.domain.usecase.run.ActiveAttempt.Stop;
import io.quikqueue.domain.usecase.run.AdmissionResult;
import io.quikqueue.domain.usecase.run.AttemptLifecycle;
import io.quikqueue.domain.usecase.run.AttemptLifecycle.Step;
import io.quikqueue.domain.usecase.run.AttemptOutcome;
import io.quikqueue.domain.usecase.run.Completion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a worker outside this program, as far as they are in the hands of this process:
 * those that it admitted or adopted, until they are over or their leases may have expired. What is
 * not here can be adopted at any time, so that losing sight of an attempt loses nothing.
 */
final class PullWorker {

  private static final int BATCH = 500;

  /** Characters of payloads; what is more is adopted when it is heard of. */
  private static final long MOST_HELD_CHARS = 16L << 20;

  private final LeaseContext context;
  private final String holder;
  private final AttemptLifecycle lifecycle;
  private final Map<AttemptId, Long> leasedUntil = new ConcurrentHashMap<>();

  PullWorker(LeaseContext context, String name, AttemptLifecycle lifecycle) {
    this.context = context;
    this.holder = LeaseContext.holder(name);
    this.lifecycle = lifecycle;
  }

  /** Takes what is ready now, at most as much as is asked for; one request at a time. */
  synchronized List<Lease> lease(LeaseRequest request) {
    List<ActiveAttempt> started = new ArrayList<>();
    Instant expiresAt = context.clock().instant().plus(request.length());
    long until = context.nanoTime().getAsLong() + request.length().toNanos();
    AdmissionResult admission =
        switch (lifecycle.next(started::add)) {
          case Step.Take() -> take(request, started);
          case Step.Wait() -> null;
          case Step.Admitted(var trial) -> {
            leaseTrial(request, started);
            yield trial;
          }
        };
    if (admission != null && !admission.ended().isEmpty()) {
      completeOrGiveBack(admission.ended());
    }
    List<Lease> leases = new ArrayList<>(started.size());
    for (ActiveAttempt attempt : started) {
      if (attempt.stopped() == null) {
        LeaseId id = new LeaseId(attempt.id(), request.length(), request.worker());
        leases.add(new Lease(id, attempt.job(), expiresAt));
      }
      leasedUntil.put(attempt.id(), until);
    }
    holdNotTooMuch(started);
    return leases;
  }

  /** A job out of the quarantine is for whoever wants such jobs; others must not get it. */
  private void leaseTrial(LeaseRequest request, List<ActiveAttempt> started) {
    List<Completion> unwanted = new ArrayList<>(0);
    for (Iterator<ActiveAttempt> trials = started.iterator(); trials.hasNext(); ) {
      ActiveAttempt trial = trials.next();
      if (!context.wants(request, trial.job())) {
        trials.remove();
        add(unwanted, trial, new AttemptOutcome.Released(context.clock().instant()));
      }
    }
    try {
      lifecycle.renew(started, request.length());
    } catch (UnavailableException e) {
      Instant now = context.clock().instant();
      started.forEach(trial -> add(unwanted, trial, new AttemptOutcome.Released(now)));
      throw e; // nobody hears of them, so that they must not be held for a crash
    } finally {
      if (!unwanted.isEmpty()) {
        completeOrGiveBack(unwanted);
      }
    }
  }

  /** Loses sight of attempts that are large together, but of none that is on trial. */
  private void holdNotTooMuch(Collection<ActiveAttempt> attempts) {
    if (lifecycle.chars() <= MOST_HELD_CHARS && !context.isCrowded()) {
      return;
    }
    for (ActiveAttempt attempt : attempts) {
      if (!attempt.onTrial()) {
        leasedUntil.remove(attempt.id());
        lifecycle.letGo(attempt);
      }
    }
  }

  /** Those that did not start; when that cannot be recorded, they are for the next to take. */
  private void completeOrGiveBack(List<Completion> unstarted) {
    try {
      complete(unstarted);
    } catch (UnavailableException e) {
      lifecycle.giveBack(unstarted);
    }
  }

  private @Nullable AdmissionResult take(LeaseRequest request, List<ActiveAttempt> started) {
    if (lifecycle.quarantines()) {
      lifecycle.renew(List.of(), request.length());
    }
    List<Job> taken = context.take(takeRequest(request));
    return taken.isEmpty() ? null : lifecycle.admit(taken, started::add);
  }

  private TakeRequest takeRequest(LeaseRequest request) {
    return new TakeRequest(
        holder,
        Set.of(request.queue()),
        request.types().isEmpty() ? context.typesInsteadOfAll() : request.types(),
        request.max(),
        QueueRoom.UNLIMITED,
        request.length(),
        Duration.ZERO);
  }

  /**
   * Does what is reported of leases, and answers each.
   *
   * @param reports at most {@value LeaseRequest#MOST_LEASES}
   */
  List<LeaseAnswer> report(List<LeaseReport> reports) {
    if (reports.stream().allMatch(each -> leased(each.lease().attempt()) != null)) {
      return reportPart(reports);
    }
    List<LeaseAnswer> answers = new ArrayList<>(reports.size());
    for (int from = 0; from < reports.size(); from += LeaseContext.MOST_READ) { // they may be large
      List<LeaseReport> part =
          reports.subList(from, Math.min(reports.size(), from + LeaseContext.MOST_READ));
      answers.addAll(context.reading(() -> reportAndForget(part)));
    }
    return answers;
  }

  private List<LeaseAnswer> reportAndForget(List<LeaseReport> reports) {
    List<LeaseAnswer> answers = reportPart(reports);
    holdNotTooMuch(
        reports.stream()
            .map(each -> lifecycle.find(each.lease().attempt()))
            .filter(Objects::nonNull)
            .toList());
    return answers;
  }

  private List<LeaseAnswer> reportPart(List<LeaseReport> reports) {
    adoptMissing(reports);
    renewThose(reports);
    Map<LeaseReport, Completion> ended = end(reports);
    Map<AttemptId, Job> recorded = complete(List.copyOf(ended.values()));
    Map<LeaseReport, LeaseAnswer> answers = new IdentityHashMap<>();
    List<LeaseReport> over = new ArrayList<>(0);
    for (LeaseReport report : reports) {
      LeaseAnswer answer = answer(report, ended.containsKey(report), recorded);
      if (answer == null) {
        over.add(report);
      } else {
        answers.put(report, answer);
      }
    }
    if (!over.isEmpty()) {
      answers.putAll(new OverLeases(context.store(), holder).explain(over));
    }
    return reports.stream().map(answers::get).toList();
  }

  /** Null = the lease is over. */
  private @Nullable LeaseAnswer answer(
      LeaseReport report, boolean ended, Map<AttemptId, Job> recorded) {
    AttemptId id = report.lease().attempt();
    return switch (report) {
      case LeaseReport.Complete _, LeaseReport.Fail _, LeaseReport.Release _ ->
          ended && recorded.get(id) instanceof Job job
              ? new LeaseAnswer.Recorded(job.state())
              : null;
      case LeaseReport.Heartbeat _, LeaseReport.Log _, LeaseReport.Progress _ -> {
        ActiveAttempt attempt = lifecycle.find(id);
        yield attempt == null || attempt.over() || attempt.stopped() != null ? null : held(id);
      }
    };
  }

  private @Nullable LeaseAnswer held(AttemptId id) {
    Long until = leasedUntil.get(id);
    if (until == null) {
      return null;
    }
    long left = until - context.nanoTime().getAsLong();
    return new LeaseAnswer.Held(context.clock().instant().plusNanos(left));
  }

  /** An attempt that is held and known to be leased; null = it is not. */
  private @Nullable ActiveAttempt leased(AttemptId id) {
    return leasedUntil.containsKey(id) ? lifecycle.find(id) : null;
  }

  private void adoptMissing(List<LeaseReport> reports) {
    Map<AttemptId, LeaseId> missing = new HashMap<>();
    for (LeaseReport report : reports) {
      if (leased(report.lease().attempt()) == null) {
        missing.put(report.lease().attempt(), report.lease());
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Map<Duration, List<Job>> byLength = new HashMap<>();
    for (Job job : context.running(missing.keySet())) {
      LeaseId lease = missing.get(job.attemptId());
      if (lease != null) {
        byLength.computeIfAbsent(lease.length(), _ -> new ArrayList<>()).add(job);
      }
    }
    byLength.forEach(
        (length, jobs) -> {
          long until = context.nanoTime().getAsLong() + length.toNanos();
          lifecycle.adopt(jobs, length);
          jobs.forEach(job -> noteLease(job.attemptId(), until));
        });
  }

  private void noteLease(AttemptId id, long until) {
    if (lifecycle.find(id) != null) {
      leasedUntil.put(id, until);
    }
  }

  private void renewThose(List<LeaseReport> reports) {
    Map<Duration, List<ActiveAttempt>> byLength = new HashMap<>();
    List<ActiveAttempt> all = new ArrayList<>();
    for (LeaseReport report : reports) {
      ActiveAttempt attempt = leased(report.lease().attempt());
      if (attempt == null || attempt.over()) {
        continue;
      }
      switch (report) {
        case LeaseReport.Heartbeat(LeaseId lease) -> {
          byLength.computeIfAbsent(lease.length(), _ -> new ArrayList<>()).add(attempt);
          all.add(attempt);
        }
        case LeaseReport.Log(_, List<String> lines) -> lines.forEach(attempt::log);
        case LeaseReport.Progress(_, int percent, String message) ->
            attempt.progress(percent, message);
        case LeaseReport.Complete _, LeaseReport.Fail _, LeaseReport.Release _ -> {}
      }
    }
    lifecycle.stopSuperseded(all);
    complete(timedOut(all));
    byLength.forEach(
        (length, attempts) -> {
          long until = context.nanoTime().getAsLong() + length.toNanos();
          lifecycle.renew(attempts, length);
          attempts.forEach(attempt -> noteLease(attempt.id(), until));
        });
  }

  private Map<LeaseReport, Completion> end(List<LeaseReport> reports) {
    Map<LeaseReport, Completion> ended = new IdentityHashMap<>();
    for (LeaseReport report : reports) {
      ActiveAttempt attempt = leased(report.lease().attempt());
      AttemptOutcome outcome = attempt == null ? null : outcome(report);
      if (attempt != null && outcome != null && attempt.stopped() == null) {
        Completion completion = lifecycle.end(attempt, outcome);
        if (completion != null) {
          ended.put(report, completion);
        }
      }
    }
    return ended;
  }

  /** Null = the report does not end an attempt. */
  private @Nullable AttemptOutcome outcome(LeaseReport report) {
    Instant now = context.clock().instant();
    return switch (report) {
      case LeaseReport.Complete(_, String result, String note) ->
          new AttemptOutcome.Succeeded(new JobHandler.Result(result, note), now);
      case LeaseReport.Fail(_, Failure failure) ->
          new AttemptOutcome.Failed(failure, context.random().getAsDouble(), now);
      case LeaseReport.Release _ -> new AttemptOutcome.Released(now);
      case LeaseReport.Heartbeat _, LeaseReport.Log _, LeaseReport.Progress _ -> null;
    };
  }

  /** Records outcomes; returns the jobs of those that took effect. */
  private Map<AttemptId, Job> complete(List<Completion> batch) {
    if (batch.isEmpty()) {
      return Map.of();
    }
    List<AttemptId> ids = batch.stream().map(each -> each.attempt().id()).toList();
    try {
      return context.recording(ids, () -> lifecycle.complete(batch));
    } catch (RuntimeException e) {
      lifecycle.forget(batch); // whoever reports it again has it adopted
      throw e;
    } finally {
      ids.forEach(leasedUntil::remove);
    }
  }

  private List<Completion> timedOut(Collection<ActiveAttempt> attempts) {
    List<Completion> ended = new ArrayList<>(0);
    for (ActiveAttempt attempt : attempts) {
      if (attempt.stopped() == null && !attempt.over() && attempt.timeLeft().isZero()) {
        long millis = attempt.job().spec().policy().timeout().toMillis();
        Failure failure = new Failure("timed out after " + millis + " ms", false);
        add(
            ended,
            attempt,
            new AttemptOutcome.Failed(
                failure, context.random().getAsDouble(), context.clock().instant()));
      }
    }
    return ended;
  }

  private void add(List<Completion> ended, ActiveAttempt attempt, AttemptOutcome outcome) {
    Completion completion = lifecycle.end(attempt, outcome);
    if (completion != null) {
      ended.add(completion);
    }
  }

  /**
   * Fails the attempts whose time is over, and loses sight of those that have moved on or whose
   * leases may have expired.
   */
  void supervise() {
    loseSightOfExpired();
    List<ActiveAttempt> held = lifecycle.held().stream().filter(each -> !each.over()).toList();
    for (int from = 0; from < held.size(); from += BATCH) {
      List<ActiveAttempt> part = held.subList(from, Math.min(held.size(), from + BATCH));
      lifecycle.stopSuperseded(part);
      List<Completion> ended = timedOut(part);
      for (ActiveAttempt attempt : part) {
        if (attempt.stopped() == Stop.CANCELLED) {
          add(ended, attempt, new AttemptOutcome.Superseded());
        } else if (attempt.stopped() == Stop.LOST) {
          add(ended, attempt, new AttemptOutcome.LeaseLost());
        }
      }
      complete(ended);
    }
  }

  private void loseSightOfExpired() {
    long now = context.nanoTime().getAsLong();
    leasedUntil.forEach(
        (id, until) -> {
          ActiveAttempt attempt = lifecycle.find(id);
          if (now - until >= 0 && (attempt == null || !attempt.over())) {
            if (leasedUntil.remove(id, until) && attempt != null) {
              lifecycle.letGo(attempt);
            }
          }
        });
  }

  /** Keeps the jobs in quarantine, while the worker is heard of. */
  void renewQuarantined() {
    if (lifecycle.quarantines()) {
      lifecycle.renew(List.of(), LeaseRequest.USUAL_LENGTH);
    }
  }

  /** Gives back the jobs in quarantine, when the worker or this process goes. */
  synchronized void close() {
    lifecycle.releaseQuarantined();
  }

  AttemptLifecycle lifecycle() {
    return lifecycle;
  }
}
