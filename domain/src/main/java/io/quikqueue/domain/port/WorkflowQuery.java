package io.quikqueue.domain.port;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/**
 * Which workflows are to be listed, newest first.
 *
 * @param state null = any
 * @param name null = any
 * @param after those older than this one; null = from the newest on
 * @param limit 1 to 500
 */
public record WorkflowQuery(
    @Nullable WorkflowState state, @Nullable String name, @Nullable WorkflowId after, int limit) {}
