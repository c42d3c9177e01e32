package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.domain.usecase.run.ActiveAttempt;
import io.quikqueue.domain.usecase.run.AttemptLifecycle;
import io.quikqueue.domain.usecase.run.AttemptOutcome;
import io.quikqueue.domain.usecase.run.Completion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pull worker reports of its leases. Attempts that are not in the hands of this process are
 * adopted first, if the worker holds them still.
 */
final class LeaseReports {

  private final LeaseContext context;
  private final String holder;
  private final AttemptLifecycle lifecycle;
  private final HeldLeases held;
  private final LeaseSteps steps;

  LeaseReports(LeaseContext context, String holder, AttemptLifecycle lifecycle, HeldLeases held) {
    this.context = context;
    this.holder = holder;
    this.lifecycle = lifecycle;
    this.held = held;
    this.steps = new LeaseSteps(context, held);
  }

  /**
   * Does what is reported of leases, and answers each.
   *
   * @param reports at most {@value LeaseRequest#MOST_LEASES}
   */
  List<LeaseAnswer> answer(List<LeaseReport> reports) {
    if (reports.stream().allMatch(each -> held.find(each.lease().attempt()) != null)) {
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
    held.holdNotTooMuch(
        reports.stream()
            .map(each -> lifecycle.find(each.lease().attempt()))
            .filter(Objects::nonNull)
            .toList());
    return answers;
  }

  private List<LeaseAnswer> reportPart(List<LeaseReport> reports) {
    adoptMissing(reports);
    renewThose(reports);
    Map<LeaseReport, LeaseAnswer> answers = steps.answer(reports);
    Map<LeaseReport, List<SpawnedNode>> spawned = spawn(reports, answers);
    List<LeaseReport> repeated = new ArrayList<>(0);
    Map<LeaseReport, Completion> ended =
        end(
            reports.stream().filter(each -> !answers.containsKey(each)).toList(),
            spawned,
            repeated);
    Map<AttemptId, Job> recorded = held.complete(List.copyOf(ended.values()));
    List<LeaseReport> over = new ArrayList<>(0);
    for (LeaseReport report : reports) {
      if (answers.containsKey(report)) {
        continue;
      }
      LeaseAnswer answer = answer(report, ended.containsKey(report), recorded);
      if (answer == null) {
        over.add(report);
      } else {
        answers.put(report, answer);
      }
    }
    if (!repeated.isEmpty()) {
      over.removeIf(each -> repeated.stream().anyMatch(other -> other == each));
      List<LeaseAnswer> later = answerOnceRecorded(repeated);
      for (int i = 0; i < repeated.size(); i++) {
        answers.put(repeated.get(i), later.get(i));
      }
    }
    if (!over.isEmpty()) {
      answers.putAll(new OverLeases(context.store(), context.steps(), holder).explain(over));
    }
    return reports.stream().map(answers::get).toList();
  }

  /** Of attempts that another report ended; it may turn out that it could not be recorded. */
  private List<LeaseAnswer> answerOnceRecorded(List<LeaseReport> reports) {
    held.awaitRecorded(reports.stream().map(each -> each.lease().attempt()).toList());
    return answer(reports);
  }

  /** Null = the lease is over. */
  private @Nullable LeaseAnswer answer(
      LeaseReport report, boolean ended, Map<AttemptId, Job> recorded) {
    AttemptId id = report.lease().attempt();
    return switch (report) {
      case LeaseReport.Complete _,
          LeaseReport.Fail _,
          LeaseReport.Release _,
          LeaseReport.Step _,
          LeaseReport.Sleep _,
          LeaseReport.Wait _ ->
          ended && recorded.get(id) instanceof Job job
              ? new LeaseAnswer.Recorded(job.state())
              : null;
      case LeaseReport.Heartbeat _, LeaseReport.Log _, LeaseReport.Progress _ -> {
        ActiveAttempt attempt = lifecycle.find(id);
        yield attempt == null || attempt.over() || attempt.stopped() != null
            ? null
            : held.answer(id);
      }
    };
  }

  private void adoptMissing(List<LeaseReport> reports) {
    Map<AttemptId, LeaseId> missing = new HashMap<>();
    for (LeaseReport report : reports) {
      if (held.find(report.lease().attempt()) == null) {
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
          jobs.forEach(job -> held.note(job.attemptId(), until));
        });
  }

  private void renewThose(List<LeaseReport> reports) {
    Map<Duration, List<ActiveAttempt>> byLength = new HashMap<>();
    List<ActiveAttempt> all = new ArrayList<>();
    List<ActiveAttempt> logged = new ArrayList<>(0);
    for (LeaseReport report : reports) {
      ActiveAttempt attempt = held.find(report.lease().attempt());
      if (attempt == null || attempt.over()) {
        continue;
      }
      switch (report) {
        case LeaseReport.Heartbeat(LeaseId lease) -> {
          byLength.computeIfAbsent(lease.length(), _ -> new ArrayList<>()).add(attempt);
          all.add(attempt);
        }
        case LeaseReport.Log(_, List<String> lines) -> {
          lines.forEach(attempt::log);
          logged.add(attempt);
        }
        case LeaseReport.Progress(_, int percent, String message) ->
            attempt.progress(percent, message);
        case LeaseReport.Complete _,
            LeaseReport.Fail _,
            LeaseReport.Release _,
            LeaseReport.Step _,
            LeaseReport.Sleep _,
            LeaseReport.Wait _ -> {}
      }
    }
    lifecycle.writeLogs(logged);
    lifecycle.stopSuperseded(all);
    held.complete(held.timedOut(all));
    byLength.forEach(
        (length, attempts) -> {
          long until = context.nanoTime().getAsLong() + length.toNanos();
          lifecycle.renew(attempts, length);
          attempts.forEach(attempt -> held.note(attempt.id(), until));
        });
  }

  /**
   * Makes the nodes that reports want to add, unless their attempts are over.
   *
   * @param answers gets that of a report whose nodes cannot be; its lease is the worker's still
   */
  private Map<LeaseReport, List<SpawnedNode>> spawn(
      List<LeaseReport> reports, Map<LeaseReport, LeaseAnswer> answers) {
    Map<LeaseReport, List<SpawnedNode>> spawned = new IdentityHashMap<>(0);
    for (LeaseReport report : reports) {
      if (report instanceof LeaseReport.Complete(LeaseId lease, _, _, List<SpawnRequest> asked)
          && adds(report)) {
        ActiveAttempt attempt = held.find(lease.attempt());
        if (attempt != null && !attempt.over() && attempt.stopped() == null) {
          try {
            spawned.put(report, attempt.toSpawn(asked));
          } catch (InvalidFieldException e) {
            answers.put(report, new LeaseAnswer.Refused(e.field(), e.problem()));
          }
        }
      }
    }
    return spawned;
  }

  /**
   * Ends what is reported to be over.
   *
   * @param spawned the nodes that reports add
   * @param repeated gets reports of attempts that another report ended, and is being recorded
   */
  private Map<LeaseReport, Completion> end(
      List<LeaseReport> reports,
      Map<LeaseReport, List<SpawnedNode>> spawned,
      List<LeaseReport> repeated) {
    Map<LeaseReport, Completion> ended = new IdentityHashMap<>();
    for (LeaseReport report : reports) {
      ActiveAttempt attempt = held.find(report.lease().attempt());
      if (adds(report) && !spawned.containsKey(report)) { // it must not end without them
        if (attempt != null && attempt.stopped() == null) {
          repeated.add(report); // another report ends it, or has brought it back meanwhile
        }
        continue;
      }
      AttemptOutcome outcome = attempt == null ? null : outcome(report, attempt, spawned);
      if (attempt != null && outcome != null && attempt.stopped() == null) {
        Completion completion = lifecycle.end(attempt, outcome);
        if (completion != null) {
          ended.put(report, completion);
        } else {
          repeated.add(report);
        }
      }
    }
    return ended;
  }

  private static boolean adds(LeaseReport report) {
    return report instanceof LeaseReport.Complete complete && !complete.spawn().isEmpty();
  }

  /** Null = the report does not end an attempt. */
  private @Nullable AttemptOutcome outcome(
      LeaseReport report, ActiveAttempt attempt, Map<LeaseReport, List<SpawnedNode>> spawned) {
    Instant now = context.clock().instant();
    return switch (report) {
      case LeaseReport.Complete(_, String result, String note, _) ->
          new AttemptOutcome.Succeeded(
              new JobHandler.Result(result, note), now, spawned.getOrDefault(report, List.of()));
      case LeaseReport.Fail(_, Failure failure) ->
          new AttemptOutcome.Failed(failure, context.random().getAsDouble(), now);
      case LeaseReport.Release _ -> new AttemptOutcome.Released(now);
      case LeaseReport.Sleep _, LeaseReport.Wait _ -> attempt.suspended(now);
      case LeaseReport.Heartbeat _, LeaseReport.Log _, LeaseReport.Progress _, LeaseReport.Step _ ->
          null;
    };
  }
}
