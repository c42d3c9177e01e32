/** An example of a job handler in a plugin jar. */
@NullMarked
package io.quikqueue.examples.greeting;

import org.jspecify.annotations.NullMarked;
