package io.quikqueue.domain.policy;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.PolicyOptions;
import java.util.Map;

/**
 * The policies in force. What a job does not say itself is as its type has it, else as its queue
 * has it, else as it is by default.
 *
 * @param version of the store's settings as this was read
 * @param types by name
 * @param queues by name
 */
public record PolicyTable(
    long version, Map<String, PolicyOptions> types, Map<String, PolicyOptions> queues) {

  public static final PolicyTable EMPTY = new PolicyTable(-1, Map.of(), Map.of());

  public PolicyTable {
    types = Map.copyOf(types);
    queues = Map.copyOf(queues);
  }

  /** The policy of a job that is asked for this. */
  public Policy of(JobSpec spec) {
    PolicyOptions type = types.getOrDefault(spec.type(), PolicyOptions.NONE);
    PolicyOptions queue = queues.getOrDefault(spec.queue(), PolicyOptions.NONE);
    return spec.policy().following(type.orElse(queue));
  }

  /** The same with that policy. */
  public JobSpec complete(JobSpec spec) {
    Policy policy = of(spec);
    return policy.equals(spec.policy()) ? spec : spec.toBuilder().policy(policy).build();
  }
}
