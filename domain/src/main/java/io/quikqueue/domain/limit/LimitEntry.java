package io.quikqueue.domain.limit;

import java.time.Instant;

/**
 * The limits that are in force for a queue or type.
 *
 * @param declared whether they come from a configuration, and not from a caller of the API
 * @param version of this entry; another one than any other that the queue or type ever had
 * @param by the id of the caller who set them
 */
public record LimitEntry(
    LimitKey key, Limits limits, boolean declared, long version, String by, Instant at) {}
