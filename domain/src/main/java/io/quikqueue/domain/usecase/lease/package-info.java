/** Workers outside this program lease jobs, and say what became of them. */
@NullMarked
package io.quikqueue.domain.usecase.lease;

import org.jspecify.annotations.NullMarked;
