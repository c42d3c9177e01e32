/** What the author of a job handler in Java needs. */
@NullMarked
package io.quikqueue.handler;

import org.jspecify.annotations.NullMarked;
