/** Revives jobs that ended without success. */
@NullMarked
package io.quikqueue.domain.usecase.retry;

import org.jspecify.annotations.NullMarked;
