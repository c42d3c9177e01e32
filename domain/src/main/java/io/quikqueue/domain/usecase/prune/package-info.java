/** Deletes jobs that ended long ago. */
@NullMarked
package io.quikqueue.domain.usecase.prune;

import org.jspecify.annotations.NullMarked;
