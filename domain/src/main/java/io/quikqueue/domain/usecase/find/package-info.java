/** Looks jobs up, and waits for them to end. */
@NullMarked
package io.quikqueue.domain.usecase.find;

import org.jspecify.annotations.NullMarked;
