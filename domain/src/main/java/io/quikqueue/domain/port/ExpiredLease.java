package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * A job whose lease has expired.
 *
 * @param holder who had leased it: a worker, or a rescuer that vanished as well; null when the job
 *     was only assumed to be leased
 */
public record ExpiredLease(JobMessage message, @Nullable String holder) {}
