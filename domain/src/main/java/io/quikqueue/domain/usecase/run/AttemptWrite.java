package io.quikqueue.domain.usecase.run;

/** What is to be written of an attempt. */
sealed interface AttemptWrite permits Completion, AttemptWrite.Mark, AttemptWrite.Log {

  ActiveAttempt attempt();

  /** That it is RUNNING. */
  record Mark(ActiveAttempt attempt) implements AttemptWrite {}

  /** What it has logged. */
  record Log(ActiveAttempt attempt) implements AttemptWrite {}
}
