package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.RetryOptions;
import java.util.Map;

/**
 * How often jobs are tried that do not say so: as their type has it, else their queue, else as
 * everywhere. What a job got it keeps, whatever the defaults are later.
 *
 * @param byType by the name of a type
 * @param byQueue by the name of a queue
 */
public record RetryDefaults(Map<String, RetryOptions> byType, Map<String, RetryOptions> byQueue) {

  public static final RetryDefaults NONE = new RetryDefaults(Map.of(), Map.of());

  public RetryDefaults {
    byType = Map.copyOf(byType);
    byQueue = Map.copyOf(byQueue);
  }

  /** What the request asks for, with these where it says nothing. */
  JobSpec complete(JobRequest request) {
    JobSpec spec = request.spec();
    RetryOptions type = byType.get(spec.type());
    RetryOptions queue = byQueue.get(spec.queue());
    if (type == null && queue == null) {
      return spec;
    }
    RetryOptions options =
        request
            .retry()
            .orElse(type == null ? RetryOptions.NONE : type)
            .orElse(queue == null ? RetryOptions.NONE : queue);
    return spec.toBuilder().policy(options.over(spec.policy())).build();
  }
}
