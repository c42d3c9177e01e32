package io.quikqueue.domain.audit;

/** What a record of the audit log tells of; each kind is kept for its own time. */
public enum AuditKind {
  /** Somebody changed how the service works, or who may do what. */
  CHANGE,
  /** Somebody did something to one job or one workflow. */
  JOB,
  /** A user signed in. */
  SIGN_IN,
  /** Somebody was not let in, or may not do what they asked for. */
  REFUSAL
}
