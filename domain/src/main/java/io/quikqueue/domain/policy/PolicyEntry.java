package io.quikqueue.domain.policy;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.limit.LimitKey;
import java.time.Instant;

/**
 * The policy that is in force for a queue or type.
 *
 * @param declared whether it comes from a configuration, and not from a caller of the API
 * @param version of this entry; another one than any other that the queue or type ever had
 * @param by the id of the caller who set it
 */
public record PolicyEntry(
    LimitKey key, PolicyOptions policy, boolean declared, long version, String by, Instant at) {}
