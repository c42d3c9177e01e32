package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.LimitUse;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.LimitUsage.Uses;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which limits hold a job back. The ready queue is asked only for a job that is QUEUED and
 * whose queue or type has limits; while it is away, nothing is said.
 */
public final class LimitChecks {

  private final LimitsInForce limits;
  private final LimitUsage usage;
  private final BoundedAsking asking;

  public LimitChecks(LimitsInForce limits, LimitUsage usage, BoundedAsking asking) {
    this.limits = limits;
    this.usage = usage;
    this.asking = asking;
  }

  /** The checks that there are for this job, in order. */
  List<WaitCheck> of(Job job) {
    if (job.state() != JobState.QUEUED) {
      return List.of();
    }
    JobSpec spec = job.spec();
    try {
      LimitTable table = limits.table();
      return table.ofQueue(spec.queue()).concernStarts() || table.types().containsKey(spec.type())
          ? ask(spec)
          : List.of();
    } catch (UnavailableException e) {
      return List.of(); // what else is known of the job is worth an answer
    }
  }

  private List<WaitCheck> ask(JobSpec spec) {
    Uses uses = asking.ask(() -> usage.of(spec));
    return uses == null ? List.of() : checks(uses, spec);
  }

  private static List<WaitCheck> checks(Uses uses, JobSpec spec) {
    List<WaitCheck> checks = new ArrayList<>(4);
    add(checks, WaitCheck.Code.QUEUE_LIMIT, uses.queue(), "queue", spec.queue());
    add(checks, WaitCheck.Code.TYPE_LIMIT, uses.type(), "type", spec.type());
    add(checks, WaitCheck.Code.GROUP_LIMIT, uses.group(), "group", spec.group());
    Duration tokensIn = null;
    for (Optional<LimitUse> use : List.of(uses.queue(), uses.type(), uses.group())) {
      tokensIn = longer(tokensIn, use.map(LimitUse::tokensIn).orElse(null));
    }
    if (tokensIn != null) {
      checks.add(
          tokensIn.isZero()
              ? WaitCheck.passed(WaitCheck.Code.RATE)
              : WaitCheck.failed(
                  WaitCheck.Code.RATE,
                  tokensIn.toMillis() + "ms",
                  "its rate lets it start in " + tokensIn.toMillis() + " ms at the earliest"));
    }
    return checks;
  }

  private static @Nullable Duration longer(@Nullable Duration a, @Nullable Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) > 0 ? a : b;
  }

  private static void add(
      List<WaitCheck> checks,
      WaitCheck.Code code,
      Optional<LimitUse> of,
      String kind,
      @Nullable String name) {
    if (of.isEmpty()) {
      return;
    }
    LimitUse use = of.get();
    Integer most = use.concurrency();
    if (most == null) {
      return;
    }
    String sentence =
        "%s \"%s\" runs %d of %d jobs at once".formatted(kind, name, use.running(), most);
    checks.add(
        new WaitCheck(
            code,
            !use.isFull(),
            Integer.toString(use.running()),
            most,
            use.isFull() ? sentence : ""));
  }
}
