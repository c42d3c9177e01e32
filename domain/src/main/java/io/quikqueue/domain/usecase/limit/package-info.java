/** Sets how much of what may run, start and wait, and knows what is set. */
@NullMarked
package io.quikqueue.domain.usecase.limit;

import org.jspecify.annotations.NullMarked;
