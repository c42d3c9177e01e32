/** The job: an immutable aggregate that alone decides which transitions are legal. */
@NullMarked
package io.quikqueue.domain.job;

import org.jspecify.annotations.NullMarked;
