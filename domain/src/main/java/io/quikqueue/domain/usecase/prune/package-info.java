/** Deletes jobs that have ended: long ago, or on request. */
@NullMarked
package io.quikqueue.domain.usecase.prune;

import org.jspecify.annotations.NullMarked;
