/** The process that runs jobs. */
@NullMarked
package io.quikqueue.worker;

import org.jspecify.annotations.NullMarked;
