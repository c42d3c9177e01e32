/** Keeps the jobs of a queue or type from starting, and lets them go on. */
@NullMarked
package io.quikqueue.domain.usecase.pause;

import org.jspecify.annotations.NullMarked;
