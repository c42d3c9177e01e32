package io.quikqueue.domain.port;

/** A group of jobs in a queue. */
public record GroupOfQueue(String queue, String group) {}
