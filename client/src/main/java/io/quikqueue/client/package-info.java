/** A client of QuikQueue's REST API for Java 17 and later. */
@NullMarked
package io.quikqueue.client;

import org.jspecify.annotations.NullMarked;
