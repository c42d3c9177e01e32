package io.quikqueue.domain.port;

/** What attempts write beside their outcomes. */
public record JobJournal(JobLogs logs, JobSteps steps) {}
