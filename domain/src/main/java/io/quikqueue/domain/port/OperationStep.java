package io.quikqueue.domain.port;

/** What came of the jobs that an operation looked at in one step; see {@link Operation}. */
public record OperationStep(long seen, long changed, long skipped, long failed) {}
