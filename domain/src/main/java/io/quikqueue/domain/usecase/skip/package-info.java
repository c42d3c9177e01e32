/** Lets lines of ordering keys go on that FAILED jobs hold. */
@NullMarked
package io.quikqueue.domain.usecase.skip;

import org.jspecify.annotations.NullMarked;
