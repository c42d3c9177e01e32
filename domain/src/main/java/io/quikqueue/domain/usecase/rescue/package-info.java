/** Brings back jobs that a worker or the ready queue has lost. */
@NullMarked
package io.quikqueue.domain.usecase.rescue;

import org.jspecify.annotations.NullMarked;
