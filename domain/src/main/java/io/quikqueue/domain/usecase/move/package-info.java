/** Another priority or queue for jobs that wait. */
@NullMarked
package io.quikqueue.domain.usecase.move;

import org.jspecify.annotations.NullMarked;
