/** Jobs that tell of the ends of others. */
@NullMarked
package io.quikqueue.domain.callback;

import org.jspecify.annotations.NullMarked;
