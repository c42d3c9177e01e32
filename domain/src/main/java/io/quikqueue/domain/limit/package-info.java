/** How much of what may run, start and wait. */
@NullMarked
package io.quikqueue.domain.limit;

import org.jspecify.annotations.NullMarked;
