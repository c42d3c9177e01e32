/** The handler whose runs the fault tests look at; it goes into a worker as a plugin. */
@NullMarked
package io.quikqueue.acceptance.faults.plugin;

import org.jspecify.annotations.NullMarked;
