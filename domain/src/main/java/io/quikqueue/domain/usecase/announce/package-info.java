/** Announces committed jobs on the stream. */
@NullMarked
package io.quikqueue.domain.usecase.announce;

import org.jspecify.annotations.NullMarked;
