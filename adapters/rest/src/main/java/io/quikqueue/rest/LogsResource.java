package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobLogs.Numbered;
import io.quikqueue.domain.usecase.find.ReadLogs.Page;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * Shows what attempts of a job have logged. A request that waits for more has no thread: it is
 * dispatched again and looks, less often the longer it waits, until there is a line, the job or its
 * time is over, its client has gone, or the service stops.
 */
final class LogsResource {

  static final String PATH = JobReader.PATH + "/{id}/logs";

  private static final String PENDING = LogsResource.class.getName();
  private static final String AFTER = "after";
  private static final String LIMIT = "limit";
  private static final String WAIT = "wait";
  private static final int USUAL_LIMIT = 100;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int MOST_DOUBLINGS = 3;

  private final UseCases use;
  private final AnswerBudget answers;
  private final CallerBound waits;
  private final Duration longestWait;

  LogsResource(UseCases use, AnswerBudget answers, CallerBound waits, RestConfig config) {
    this.use = use;
    this.answers = answers;
    this.waits = waits;
    this.longestWait = config.getMaxWait().toJavaDuration();
  }

  /** What is asked for, from the first dispatch of a request to its last. */
  private static final class Pending {

    private final JobId id;
    private final long after;
    private final int limit;
    private final long end;
    private @Nullable CompletableFuture<Optional<Job>> over;
    private int waited;

    private Pending(JobId id, long after, int limit, Duration wait) {
      this.id = id;
      this.after = after;
      this.limit = limit;
      this.end = System.nanoTime() + wait.toNanos();
    }

    private long leftNanos() {
      return end - System.nanoTime();
    }

    private long pauseNanos() {
      int doublings = Math.min(waited++, MOST_DOUBLINGS);
      return Math.min(leftNanos(), FIRST_PAUSE.multipliedBy(1L << doublings).toNanos());
    }

    /** Whether the job may still go on, and is not known to be over; begins to hear of it. */
    private boolean mayGoOn(UseCases use, HotRequest request) {
      CompletableFuture<Optional<Job>> present = over;
      if (present == null) {
        present = use.await().begin(request.caller(), id);
        over = present;
      }
      return !present.isDone(); // it is done too when the service stops
    }

    private void forget() {
      if (over != null) {
        over.cancel(false);
      }
    }
  }

  /** The answer; null = the request waits. */
  @Nullable Response logs(HotRequest request) throws IOException {
    Pending pending =
        request.in().getAttribute(PENDING) instanceof Pending before ? before : read(request);
    boolean isAnswered = true;
    try {
      if (pending.leftNanos() > 0 && page(request, pending, 1).isAwaited()) {
        Entry entry = wait(request, pending);
        isAnswered = entry != Entry.ADMITTED;
        if (!isAnswered) {
          return null;
        }
        if (entry != null && pending.waited == 0) {
          return RequestLimits.refuse(
              Problems.tooMany(entry, waits, "requests that wait for a job"));
        }
      }
      return answers.within(
          request.in(),
          request.caller(),
          () -> answer(page(request, pending, pending.limit), pending.after));
    } finally {
      if (isAnswered) {
        pending.forget();
      }
    }
  }

  private Pending read(HotRequest request) {
    QueryParameters query = new QueryParameters(request.in(), Set.of(AFTER, LIMIT, WAIT), Set.of());
    JobId id = JobLookup.id(UriComponent.decode(request.id(), UriComponent.Type.PATH_SEGMENT));
    Duration wait = query.duration(WAIT, longestWait);
    Pending pending =
        new Pending(
            id,
            query.integer(AFTER, 0, Integer.MAX_VALUE, 0),
            query.integer(LIMIT, 1, JobLogs.MOST_LINES, USUAL_LIMIT),
            LongPolls.canWait(request.in()) ? wait : Duration.ZERO);
    request.in().setAttribute(PENDING, pending);
    return pending;
  }

  private Page page(HotRequest request, Pending of, int limit) {
    return use.logs()
        .read(request.caller(), of.id, of.after, limit)
        .orElseThrow(() -> JobLookup.unknown(of.id));
  }

  /** Returns whether it waits; null = there is nothing to wait for any more. */
  private @Nullable Entry wait(HotRequest request, Pending pending) {
    if (!pending.mayGoOn(use, request)) {
      return null;
    }
    Entry entry = waits.enter(request.caller().countedAs());
    if (entry == Entry.ADMITTED) {
      suspend(request, pending);
    }
    return entry;
  }

  private void suspend(HotRequest request, Pending pending) {
    CompletableFuture<Void> look =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, Math.max(0, pending.pauseNanos()), TimeUnit.NANOSECONDS);
    CompletableFuture<Optional<Job>> over = pending.over;
    if (over != null) {
      var _ = over.whenComplete((_, _) -> look.complete(null));
    }
    var _ =
        look.exceptionally(
            _ -> {
              pending.forget(); // its client has gone
              return null;
            });
    Suspension.begin(request, waits, look, () -> look.complete(null));
  }

  private static Response answer(Page page, long after) {
    return Responses.ok(Json.bytes(json -> write(json, page, after)));
  }

  private static void write(JsonGenerator json, Page page, long after) throws IOException {
    json.writeStartObject();
    json.writeStringField("state", page.state().name());
    json.writeArrayFieldStart("lines");
    for (Numbered line : page.lines()) {
      json.writeStartObject();
      json.writeNumberField("number", line.number());
      json.writeNumberField("attempt", line.attempt());
      JobWriter.time(json, "at", line.at());
      json.writeStringField("text", line.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("next", page.lines().isEmpty() ? after : page.lines().getLast().number());
    json.writeEndObject();
  }
}
