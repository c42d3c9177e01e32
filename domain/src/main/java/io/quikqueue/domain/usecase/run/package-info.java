/** Runs attempts on a worker. */
@NullMarked
package io.quikqueue.domain.usecase.run;

import org.jspecify.annotations.NullMarked;
