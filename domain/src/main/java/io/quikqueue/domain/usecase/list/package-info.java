/** Lists jobs and queues. */
@NullMarked
package io.quikqueue.domain.usecase.list;

import org.jspecify.annotations.NullMarked;
