/** Announces jobs on Kafka, one topic per queue, and dispatches them from there. */
@NullMarked
package io.quikqueue.kafka;

import org.jspecify.annotations.NullMarked;
