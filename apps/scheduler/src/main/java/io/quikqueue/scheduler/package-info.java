/** The process that wakes, relays and rescues jobs. */
@NullMarked
package io.quikqueue.scheduler;

import org.jspecify.annotations.NullMarked;
