/** Records how attempts ended. */
@NullMarked
package io.quikqueue.domain.usecase.finish;

import org.jspecify.annotations.NullMarked;
