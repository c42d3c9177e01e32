/** Doing many small things as few large ones. */
@NullMarked
package io.quikqueue.domain.batch;

import org.jspecify.annotations.NullMarked;
