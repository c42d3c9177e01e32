/** Counts what happens to jobs, minute by minute, and shows it. */
@NullMarked
package io.quikqueue.domain.usecase.stats;

import org.jspecify.annotations.NullMarked;
