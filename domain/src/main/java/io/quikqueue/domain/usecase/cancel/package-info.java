/** Calls jobs off. */
@NullMarked
package io.quikqueue.domain.usecase.cancel;

import org.jspecify.annotations.NullMarked;
