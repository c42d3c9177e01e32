/** Jobs in figures: how many came, ended and failed in each minute, and how long they took. */
@NullMarked
package io.quikqueue.domain.stats;

import org.jspecify.annotations.NullMarked;
