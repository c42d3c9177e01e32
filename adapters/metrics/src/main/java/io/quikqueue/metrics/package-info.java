/** What happens, counted for Prometheus. */
@NullMarked
package io.quikqueue.metrics;

import org.jspecify.annotations.NullMarked;
