package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import org.jspecify.annotations.Nullable;

/**
 * A new job to store, with the key that guards against storing it twice, if the client sent one.
 */
public record Submission(Job job, @Nullable IdempotencyKey key) {}
