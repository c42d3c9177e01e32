/** Queues jobs whose time has come, and expires those whose time has passed. */
@NullMarked
package io.quikqueue.domain.usecase.wake;

import org.jspecify.annotations.NullMarked;
