/** Announces what was left behind in the outbox. */
@NullMarked
package io.quikqueue.domain.usecase.relay;

import org.jspecify.annotations.NullMarked;
