/** The handlers that come with the service, and those found in plugin jars. */
@NullMarked
package io.quikqueue.handlers;

import org.jspecify.annotations.NullMarked;
