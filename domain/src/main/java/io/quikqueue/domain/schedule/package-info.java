/** When schedules fire, and what comes of it. */
@NullMarked
package io.quikqueue.domain.schedule;

import org.jspecify.annotations.NullMarked;
