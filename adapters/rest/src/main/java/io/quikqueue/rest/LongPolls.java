package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has a request for a result wait, without a thread, until its job is over, its time is, its client
 * has gone, or the service stops. Then it goes its way as one that does not wait. What cannot wait
 * goes on at once: the resource says what is wrong with it.
 */
final class LongPolls implements Filter {

  private static final String WAIT = JobLookup.PARAMETER + "=";
  private static final String JOB = LongPolls.class.getName();
  private static final Pattern RESULT =
      Pattern.compile("/(?:results/([^/]+)|v1/jobs/([^/]+)/result)");

  private final UseCases use;
  private final AnswerBudget answers;
  private final CallerBound waits;
  private final Duration longest;

  LongPolls(UseCases use, RestConfig config, CallerBound waits, AnswerBudget answers) {
    this.use = use;
    this.answers = answers;
    this.waits = waits;
    this.longest = config.getMaxWait().toJavaDuration();
  }

  /** The job that a wait ended with, where it was at hand. */
  static @Nullable Job job(HttpServletRequest request) {
    return (Job) request.getAttribute(JOB);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest in)
        || !(response instanceof HttpServletResponse out)) {
      chain.doFilter(request, response);
      return;
    }
    if (request.getDispatcherType() == DispatcherType.REQUEST && waits(in, out)) {
      return;
    }
    try {
      chain.doFilter(request, response);
    } finally {
      answers.release(in);
    }
  }

  /** Whether the request has been made to wait, or was refused for having to. */
  private boolean waits(HttpServletRequest in, HttpServletResponse out) throws IOException {
    Duration wait = wait(in);
    JobId id = wait.isPositive() ? id(in) : null;
    if (id == null) {
      return false;
    }
    CompletableFuture<Optional<Job>> over = use.await().begin(id);
    if (!isInProgress(id)) {
      over.cancel(false);
      return false;
    }
    String caller = RequestLimits.caller(in);
    Entry entry = waits.enter(caller);
    if (entry != Entry.ADMITTED) {
      over.cancel(false);
      RequestLimits.refuse(out, Problems.tooMany(entry, waits, "requests that wait for a job"));
      return true;
    }
    wait(
        in,
        out,
        over.completeOnTimeout(Optional.empty(), wait.toNanos(), TimeUnit.NANOSECONDS),
        caller);
    return true;
  }

  private void wait(
      HttpServletRequest in,
      HttpServletResponse out,
      CompletableFuture<Optional<Job>> over,
      String caller) {
    AsyncContext async = in.startAsync(in, out);
    async.setTimeout(0); // the wait has a timeout itself
    @Nullable ClientWatch watch =
        ClientWatch.of(in, () -> over.complete(Optional.empty()), () -> over.cancel(false));
    var _ =
        over.whenComplete(
            (job, cancelled) -> {
              waits.leave(caller);
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

  private boolean isInProgress(JobId id) {
    try {
      Optional<JobState> state = use.find().state(id);
      return state.isPresent() && !state.get().terminal();
    } catch (RuntimeException e) {
      return false; // the resource will meet it too, and says what it is
    }
  }

  private Duration wait(HttpServletRequest request) {
    String query = request.getQueryString();
    if (query == null
        || !query.startsWith(WAIT)
        || !request.getMethod().equals("GET")
        || request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null) {
      return Duration.ZERO;
    }
    try {
      String value = URLDecoder.decode(query.substring(WAIT.length()), StandardCharsets.UTF_8);
      return new QueryParameters(
              Map.of(JobLookup.PARAMETER, List.of(value)), Set.of(JobLookup.PARAMETER), Set.of())
          .duration(JobLookup.PARAMETER, longest);
    } catch (ProblemException | IllegalArgumentException e) {
      return Duration.ZERO;
    }
  }

  private static @Nullable JobId id(HttpServletRequest request) {
    Matcher asked = RESULT.matcher(request.getRequestURI());
    if (!asked.matches()) {
      return null;
    }
    try {
      String id = asked.group(1);
      return JobId.parse(id == null ? asked.group(2) : id);
    } catch (InvalidFieldException e) {
      return null;
    }
  }
}
