package io.quikqueue.domain.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of groups of FAILED jobs.
 *
 * @param next the cursor of the next page; null = this is the last
 */
public record DeadGroupPage(List<DeadGroup> groups, @Nullable String next) {}
