package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has a request for a result wait, without a thread, until its job is over, its time is, its client
 * has gone, or the service stops. Then it goes its way as one that does not wait.
 */
final class LongPolls {

  private static final String JOB = LongPolls.class.getName();

  private final UseCases use;
  private final CallerBound waits;

  LongPolls(UseCases use, CallerBound waits) {
    this.use = use;
    this.waits = waits;
  }

  /** The job that a wait ended with, where it was at hand. */
  static @Nullable Job job(HttpServletRequest request) {
    return request.getAttribute(JOB) instanceof CompletableFuture<?> over
            && over.resultNow() instanceof Optional<?> job
        ? (Job) job.orElse(null)
        : null;
  }

  /**
   * Has the request wait for a job that is in progress.
   *
   * @return null = there is nothing to wait for, and the request goes on; else whether it waits, or
   *     is to be refused
   */
  @Nullable Entry begin(HotRequest request, JobId id, Duration wait) {
    if (!wait.isPositive() || !canWait(request.in())) {
      return null;
    }
    CompletableFuture<Optional<Job>> over = use.await().begin(request.caller(), id);
    if (!isInProgress(request.caller(), id)) {
      over.cancel(false);
      return null;
    }
    Entry entry = waits.enter(request.caller().countedAs());
    if (entry == Entry.ADMITTED) {
      suspend(request, over, wait);
    } else {
      over.cancel(false);
    }
    return entry;
  }

  /** Not twice, and not with a body, which would be read in the place of a next request. */
  static boolean canWait(HttpServletRequest request) {
    return request.getDispatcherType() == DispatcherType.REQUEST
        && request.getMethod().equals("GET")
        && !RequestLimits.hasBody(request);
  }

  private void suspend(HotRequest request, CompletableFuture<Optional<Job>> over, Duration wait) {
    request.in().setAttribute(JOB, over);
    var _ = over.completeOnTimeout(Optional.empty(), wait.toNanos(), TimeUnit.NANOSECONDS);
    Suspension.begin(request, waits, over, () -> over.complete(Optional.empty()));
  }

  /** The answer to a request that cannot wait since too many do. */
  Problem refusal(Entry entry) {
    return Problems.tooMany(entry, waits, "requests that wait for a job");
  }

  private boolean isInProgress(Caller caller, JobId id) {
    try {
      Optional<JobState> state = use.find().state(caller, id);
      return state.isPresent() && !state.get().terminal();
    } catch (RuntimeException e) {
      return false; // looking the job up will meet it too, and says what it is
    }
  }
}
