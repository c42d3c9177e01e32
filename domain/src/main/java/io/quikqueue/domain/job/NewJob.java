package io.quikqueue.domain.job;

import java.util.List;

/** A job that was just made, and the events of that, in order. */
public record NewJob(Job job, List<JobEvent> events) {}
