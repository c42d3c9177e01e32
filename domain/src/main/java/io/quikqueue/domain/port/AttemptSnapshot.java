package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that a worker runs, as it was at one moment.
 *
 * @param startedAt by the store's clock
 * @param progress null = its handler did not say
 */
public record AttemptSnapshot(
    AttemptId attempt, String type, Instant startedAt, @Nullable Progress progress) {}
