/** The stream and the ready queue inside one process, for the service that runs on one file. */
@NullMarked
package io.quikqueue.local;

import org.jspecify.annotations.NullMarked;
