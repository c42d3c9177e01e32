package io.quikqueue.domain.usecase.redact;

import io.quikqueue.domain.job.Job;
import org.jspecify.annotations.Nullable;

/**
 * A job as somebody may see it, made by {@link Redaction#show} alone: what writes payloads, results
 * and errors for people takes this, so that none of them can be shown by mistake.
 */
public final class ShownJob {

  private final Job job;
  private final SecretValues values;

  ShownJob(Job job, SecretValues values) {
    this.job = job;
    this.values = values;
  }

  /** The job with the mask in the place of what is secret; not to be stored or run. */
  public Job job() {
    return job;
  }

  /** A text about the job, such as the error of an attempt, without what is secret. */
  public @Nullable String text(@Nullable String text) {
    return values.mask(text);
  }
}
