package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.Lease;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.rest.CallerBound.Entry;
import io.quikqueue.rest.LeaseReader.Asked;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * Leases jobs to workers outside this program. A request that waits has no thread: it is dispatched
 * again when its queue may have jobs, its time is over, its client is done, or the service stops.
 */
final class LeaseResource {

  static final String PATH = "/v1/queues/{queue}/lease";

  private static final String PENDING = LeaseResource.class.getName();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final int MOST_DOUBLINGS = 7;

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;
  private final CallerBound waits;
  private final Duration longestWait;

  LeaseResource(
      UseCases use,
      RequestBodies bodies,
      AnswerBudget answers,
      CallerBound waits,
      RestConfig config) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
    this.waits = waits;
    this.longestWait = config.getMaxWait().toJavaDuration();
  }

  /** A request that may wait, from its first dispatch to its last. */
  private static final class Pending {

    private final Asked asked;
    private final long end;
    private int waited;
    private boolean clientIsDone;
    private boolean knewOfDrain;

    private Pending(Asked asked) {
      this.asked = asked;
      this.end = System.nanoTime() + asked.patience().toNanos();
    }

    private Duration left() {
      return Duration.ofNanos(clientIsDone ? 0 : end - System.nanoTime());
    }

    /** When jobs of other types are ready, it looks more and more seldom. */
    private Duration pause() {
      int doublings = Math.min(waited - 1, MOST_DOUBLINGS);
      return waited == 0 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << doublings);
    }
  }

  /** The answer; null = the request waits. */
  @Nullable Response lease(HotRequest request) throws IOException {
    Leases leases = requireLeases(use);
    Pending pending =
        request.in().getAttribute(PENDING) instanceof Pending before ? before : read(request);
    if (pending.clientIsDone) { // whoever is not there must not get a job
      return Responses.ok(Json.bytes(json -> LeaseWriter.write(json, List.of(), false)));
    }
    Leasing leasing = new Leasing(leases, request.caller(), pending.asked);
    Response answer = answer(request, leasing);
    if (!leasing.isEmpty() || !pending.left().isPositive() || leases.isStopping()) {
      return answer;
    }
    if (leasing.isDraining() && pending.waited > 0 && !pending.knewOfDrain) {
      return answer; // it learns of it at once, and then as seldom as it asks
    }
    pending.knewOfDrain = leasing.isDraining();
    Entry entry = waits.enter(request.caller().countedAs());
    if (entry == Entry.ADMITTED) {
      await(request, pending, leases);
      return null;
    }
    return pending.waited == 0
        ? RequestLimits.refuse(Problems.tooMany(entry, waits, "requests that wait for a job"))
        : answer;
  }

  /** What makes it possible to lease jobs here. */
  static Leases requireLeases(UseCases use) {
    Leases leases = use.leases();
    if (leases == null) {
      throw new ProblemException(LeaseProblems.noReadyQueue());
    }
    return leases;
  }

  private Response answer(HotRequest request, Leasing leasing) {
    boolean isAnswered = false;
    try {
      Response answer = answers.pageWithin(request.in(), request.caller(), leasing::answer);
      isAnswered = true;
      return answer;
    } finally {
      if (!isAnswered) {
        leasing.release();
      }
    }
  }

  private Pending read(HotRequest request) throws IOException {
    HttpServletRequest in = request.in();
    QueryParameters.requireNone(in);
    String queue = UriComponent.decode(request.id(), UriComponent.Type.PATH_SEGMENT);
    try {
      JobSpec.requireQueue(queue);
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.invalidParameter("queue", e.problem()));
    }
    Asked asked =
        bodies.read(in.getInputStream(), in, json -> LeaseReader.read(queue, json, longestWait));
    Pending pending = new Pending(asked);
    in.setAttribute(PENDING, pending);
    return pending;
  }

  private void await(HotRequest request, Pending pending, Leases leases) {
    Duration left = pending.left();
    Duration pause = pending.pause();
    pending.waited++;
    CompletableFuture<Void> over =
        leases
            .await(request.caller(), pending.asked.request(), left, pause)
            .completeOnTimeout(null, Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
    Suspension.begin(
        request,
        waits,
        over,
        () -> {
          pending.clientIsDone = true;
          over.complete(null);
        });
  }

  /** What one dispatch leases, once, however often it is asked for the answer. */
  private static final class Leasing {

    private final Leases use;
    private final Caller caller;
    private final Asked asked;
    private @Nullable List<Lease> leases;
    private @Nullable Response answer;
    private boolean draining;

    private Leasing(Leases use, Caller caller, Asked asked) {
      this.use = use;
      this.caller = caller;
      this.asked = asked;
    }

    private synchronized Response answer() {
      Response given = answer;
      if (given == null) {
        List<Lease> got = use.lease(caller, asked.request());
        leases = got;
        draining = use.isDraining(asked.request());
        given = Responses.ok(Json.bytes(json -> LeaseWriter.write(json, got, draining)));
        answer = given;
      }
      return given;
    }

    private synchronized boolean isDraining() {
      return draining;
    }

    private synchronized boolean isEmpty() {
      return leases == null || leases.isEmpty();
    }

    /** Nobody will hear of what was leased. */
    private synchronized void release() {
      List<Lease> got = leases;
      if (got != null && !got.isEmpty()) {
        var _ =
            use.report(
                caller,
                got.stream()
                    .map(lease -> (LeaseReport) new LeaseReport.Release(lease.id()))
                    .toList());
      }
    }
  }
}
