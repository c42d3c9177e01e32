/** {@code quikqueue job}, {@code queue} and so on: commands for people and scripts, over REST. */
@NullMarked
package io.quikqueue.cli;

import org.jspecify.annotations.NullMarked;
