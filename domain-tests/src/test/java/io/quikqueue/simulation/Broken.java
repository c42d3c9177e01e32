package io.quikqueue.simulation;

/** Which protection is missing in a history, to see that the simulation would notice. */
enum Broken {
  NOTHING,
  /** The store lets every change take effect, whatever attempt and state the job is in. */
  STORE_DOES_NOT_FENCE,
  /** The store takes the expiry of a job that is marked RUNNING. */
  STORE_EXPIRES_WHAT_RUNS,
  /** The consumer commits its offsets, then pushes. */
  COMMITS_BEFORE_PUSH,
  /** The ready queue forgets finished attempts at once, and workers do not ask the store. */
  NOBODY_REMEMBERS,
  /** Outbox rows are deleted before their jobs are announced. */
  DELETES_BEFORE_ANNOUNCE,
  /** The store does not look at idempotency keys. */
  STORE_IGNORES_KEYS,
  /** The store lets jobs of an ordering key be ready although others are before them. */
  STORE_KEEPS_NO_ORDER,
  /** A worker that goes away tells only the ready queue what it hands back. */
  STORE_DOES_NOT_LEARN_OF_RELEASES,
  /** Jobs of vanished workers are made ready again as the same attempt. */
  RESCUE_REUSES_ATTEMPTS
}
