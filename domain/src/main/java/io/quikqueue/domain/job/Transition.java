package io.quikqueue.domain.job;

import java.util.List;

/** The job after a verb, and the events the verb caused, in order. */
public record Transition(Job job, List<JobEvent> events) {}
