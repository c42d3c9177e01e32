/** Moves announced jobs into the ready queue. */
@NullMarked
package io.quikqueue.domain.usecase.dispatch;

import org.jspecify.annotations.NullMarked;
