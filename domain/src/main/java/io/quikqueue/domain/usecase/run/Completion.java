package io.quikqueue.domain.usecase.run;

/** An attempt that is over, and how it ended; to be recorded. */
public record Completion(ActiveAttempt attempt, AttemptOutcome outcome) implements AttemptWrite {}
