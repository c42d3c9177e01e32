/** Who calls, and what they may do. */
@NullMarked
package io.quikqueue.domain.usecase.access;

import org.jspecify.annotations.NullMarked;
