package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.AsyncContext;
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
    return (Job) request.getAttribute(JOB);
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
    Entry entry = waits.enter(request.caller().address());
    if (entry == Entry.ADMITTED) {
      wait(request, over.completeOnTimeout(Optional.empty(), wait.toNanos(), TimeUnit.NANOSECONDS));
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

  private void wait(HotRequest request, CompletableFuture<Optional<Job>> over) {
    HttpServletRequest in = request.in();
    AsyncContext async = in.startAsync(in, request.out());
    async.setTimeout(0); // the wait has a timeout itself
    @Nullable ClientWatch watch =
        ClientWatch.of(in, () -> over.complete(Optional.empty()), () -> over.cancel(false));
    var _ =
        over.whenComplete(
            (job, cancelled) -> {
              waits.leave(request.caller().address());
              if (watch != null) {
                watch.end();
              }
              if (cancelled == null) {
                job.ifPresent(ended -> in.setAttribute(JOB, ended));
                async.dispatch();
              } else {
                async.complete();
              }
            });
    if (watch != null) {
      watch.start();
    }
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
