package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt whose lease has expired.
 *
 * @param updatedAt what its envelope said when the ready queue got it
 * @param holder who had leased it: a worker, or a rescuer that vanished as well; null when it was
 *     only assumed to be leased
 */
public record ExpiredLease(AttemptId attempt, Instant updatedAt, @Nullable String holder) {}
