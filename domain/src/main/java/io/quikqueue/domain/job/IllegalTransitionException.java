package io.quikqueue.domain.job;

/** A verb that the job's state does not allow: a bug, or a client asking for what cannot be. */
public final class IllegalTransitionException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final transient JobId id;
  private final JobState from;
  private final Verb verb;

  public IllegalTransitionException(JobId id, JobState from, Verb verb) {
    super(
        "job " + id + " is " + from + ": cannot " + verb.name().toLowerCase(java.util.Locale.ROOT));
    this.id = id;
    this.from = from;
    this.verb = verb;
  }

  public JobId id() {
    return id;
  }

  public JobState from() {
    return from;
  }

  public Verb verb() {
    return verb;
  }
}
