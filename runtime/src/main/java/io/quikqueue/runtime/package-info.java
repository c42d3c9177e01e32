/** What every QuikQueue process needs to run: loops, leadership, health, figures, handlers. */
@NullMarked
package io.quikqueue.runtime;

import org.jspecify.annotations.NullMarked;
