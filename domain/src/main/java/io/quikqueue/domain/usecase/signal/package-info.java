/** Tells jobs something, and shows what they remember. */
@NullMarked
package io.quikqueue.domain.usecase.signal;

import org.jspecify.annotations.NullMarked;
