package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.run.ActiveAttempt;
import io.quikqueue.domain.usecase.run.AdmissionResult;
import io.quikqueue.domain.usecase.run.AttemptLifecycle;
import io.quikqueue.domain.usecase.run.AttemptLifecycle.Step;
import io.quikqueue.domain.usecase.run.AttemptOutcome;
import io.quikqueue.domain.usecase.run.Completion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A worker outside this program: leases jobs to it, and hears what it reports of them. Of its
 * attempts some are in the hands of this process; it may ask another one next time.
 */
final class PullWorker {

  private final LeaseContext context;
  private final String holder;
  private final AttemptLifecycle lifecycle;
  private final Reservation reservation;
  private final HeldLeases held;
  private final LeaseReports reports;

  PullWorker(
      LeaseContext context, String name, AttemptLifecycle lifecycle, Reservation reservation) {
    this.context = context;
    this.holder = LeaseContext.holder(name);
    this.lifecycle = lifecycle;
    this.reservation = reservation;
    this.held = new HeldLeases(context, lifecycle);
    this.reports = new LeaseReports(context, holder, lifecycle, held);
  }

  /**
   * Takes what is ready now, at most as much as is asked for and there is room for; one request at
   * a time.
   *
   * @param most jobs that the worker may hold
   * @throws TooManyLeasesException when it holds as many already
   */
  synchronized List<Lease> lease(LeaseRequest asked, int most) {
    int room = most - lifecycle.held().size();
    if (room <= 0) {
      throw new TooManyLeasesException(asked.worker(), most);
    }
    if (!reservation.mayLease()) {
      return List.of();
    }
    LeaseRequest request = asked.atMost(room);
    List<ActiveAttempt> started = new ArrayList<>();
    Instant expiresAt = context.after(request.length());
    long until = context.nanoTime().getAsLong() + request.length().toNanos();
    AdmissionResult admission =
        switch (lifecycle.next(job -> context.wants(request, job), started::add)) {
          case Step.Take() -> take(request, started);
          case Step.Wait() -> null;
          case Step.Admitted(var trial) -> {
            renewTrial(request, started);
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
      held.note(attempt.id(), until);
    }
    held.holdNotTooMuch(started);
    return leases;
  }

  /** A job out of the quarantine is leased for as long as the others; it was for a while. */
  private void renewTrial(LeaseRequest request, List<ActiveAttempt> started) {
    try {
      lifecycle.renew(started, request.length());
    } catch (UnavailableException e) {
      Instant now = context.clock().instant();
      List<Completion> unheard = new ArrayList<>(started.size());
      started.forEach(trial -> held.end(unheard, trial, new AttemptOutcome.Released(now)));
      completeOrGiveBack(unheard);
      throw e; // nobody hears of them, so that they must not be held for a crash
    }
  }

  /** Those that did not start; when that cannot be recorded, they are for the next to take. */
  private void completeOrGiveBack(List<Completion> unstarted) {
    try {
      held.complete(unstarted);
    } catch (UnavailableException e) {
      lifecycle.giveBack(unstarted);
    }
  }

  private @Nullable AdmissionResult take(LeaseRequest request, List<ActiveAttempt> started) {
    reservation.end();
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
   * @param told at most {@value LeaseRequest#MOST_LEASES}
   */
  List<LeaseAnswer> report(List<LeaseReport> told) {
    return reports.answer(told);
  }

  /** See {@link HeldLeases#supervise}. */
  void supervise() {
    held.supervise();
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
