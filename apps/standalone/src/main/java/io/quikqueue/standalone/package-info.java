/** The whole service in one process. */
@NullMarked
package io.quikqueue.standalone;

import org.jspecify.annotations.NullMarked;
