/**
 * Runs the distributed system on one machine: three servers and four apps, each a process of its
 * own.
 */
@NullMarked
package io.quikqueue.stack;

import org.jspecify.annotations.NullMarked;
