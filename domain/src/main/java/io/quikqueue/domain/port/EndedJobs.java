package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that have ended, as far as one look found them.
 *
 * @param jobs in the order of the look
 * @param next behind which job to go on, whether or not this look found any; null = there are no
 *     more
 */
public record EndedJobs(List<JobId> jobs, @Nullable JobId next) {}
