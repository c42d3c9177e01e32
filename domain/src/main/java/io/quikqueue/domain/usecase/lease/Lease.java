package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.Job;
import java.time.Instant;

/**
 * A job in the hands of a worker.
 *
 * @param job as it was taken: with its attempt, failures and crashes so far, and payload
 * @param expiresAt when it is lost without a heartbeat, by the store's clock
 */
public record Lease(LeaseId id, Job job, Instant expiresAt) {}
