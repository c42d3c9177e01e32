/** Outbound HTTP calls: the handler of jobs of type {@code http}. */
@NullMarked
package io.quikqueue.http;

import org.jspecify.annotations.NullMarked;
