package io.quikqueue.domain.port;

/**
 * What attempts write beside their outcomes, and read beside their jobs.
 *
 * @param workflows has the results of other nodes
 */
public record JobJournal(JobLogs logs, JobSteps steps, Workflows workflows) {}
