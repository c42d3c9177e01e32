package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a handler or a pull worker wants to add to the workflow of its job, not checked yet.
 *
 * @param name of its own; null = its place among those that the attempt adds, from 0
 * @param job what it does; its payload is taken as it is, without references
 * @param runAt not before then; null = at once
 * @param optional whether its failure counts as success
 */
public record SpawnRequest(
    @Nullable String name, JobSpec job, @Nullable Instant runAt, boolean optional) {}
