/** The process that dispatches announced jobs. */
@NullMarked
package io.quikqueue.consumer;

import org.jspecify.annotations.NullMarked;
