package io.quikqueue.domain.port;

import io.quikqueue.domain.dead.FailureKind;
import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * FAILED jobs that failed in the same way.
 *
 * @param id see {@link FailureKind#id}
 * @param count how many jobs are in it now: a job that is retried or deleted leaves it
 * @param firstSeen when its first job failed
 * @param lastSeen when its last job failed
 * @param sample the youngest of its jobs; null = none is left
 * @param note what was said when the status was set; at most 500 characters
 * @param by who set the status; null = nobody yet
 * @param statusAt when the status was set; null = never
 */
public record DeadGroup(
    String id,
    FailureKind kind,
    DeadStatus status,
    long count,
    Instant firstSeen,
    Instant lastSeen,
    @Nullable JobId sample,
    @Nullable String note,
    @Nullable String by,
    @Nullable Instant statusAt) {

  public static final int MAX_NOTE = 500;
}
