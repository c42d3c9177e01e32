package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that a worker runs now.
 *
 * @param startedAt by the store's clock
 * @param percent how far it is, 0 to 100, as its handler said last; null = it did not say
 * @param note what its handler said with it, at most 200 characters
 */
public record RunningAttempt(
    AttemptId attempt,
    String type,
    Instant startedAt,
    @Nullable Integer percent,
    @Nullable String note) {}
