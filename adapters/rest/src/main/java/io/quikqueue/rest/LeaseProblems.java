package io.quikqueue.rest;

import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseId;

/** What stands against leases, and reports about them. */
final class LeaseProblems {

  private LeaseProblems() {}

  static Problem tooManyLeases(int most) {
    return Problem.of(
        429,
        "too-many-leases",
        "Too many leases",
        "this worker holds "
            + most
            + " jobs, as many as one may (setting rest.maxLeases); complete or release some first");
  }

  /** Of a process that is configured without what leases need. */
  static Problem noReadyQueue() {
    return Problem.of(
        503,
        "no-ready-queue",
        "No ready queue",
        "this process leases no jobs, since it has no ready queue; its setting redis is missing");
  }

  static Problem unknownLease(LeaseId id) {
    return Problem.of(
        404, "unknown-lease", "Unknown lease", "there is no job " + id.attempt().job());
  }

  static Problem leaseOver(LeaseId id, LeaseAnswer.Reason reason) {
    String why =
        switch (reason) {
          case CANCELLED -> "its job was cancelled";
          case LOST -> "it expired, its attempt timed out or has ended, or it is another worker's";
        };
    return Problem.of(
            409,
            "lease-over",
            "The lease is over",
            "the lease of job %s is over: %s; nothing was recorded"
                .formatted(id.attempt().job(), why))
        .with("stop", LeaseWriter.name(reason));
  }

  static Problem notTried() {
    return Problem.of(
        503,
        "unavailable",
        "Unavailable",
        "not tried, since an item before it could not be stored");
  }
}
