/** The ready queue in Redis: one Lua script per operation, one call per batch. */
@NullMarked
package io.quikqueue.redis;

import org.jspecify.annotations.NullMarked;
