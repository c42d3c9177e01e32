/** Fires schedules, shows and changes them. */
@NullMarked
package io.quikqueue.domain.usecase.schedule;

import org.jspecify.annotations.NullMarked;
