/** Jobs that were given up, looked at by the way in which they failed. */
@NullMarked
package io.quikqueue.domain.usecase.dead;

import org.jspecify.annotations.NullMarked;
