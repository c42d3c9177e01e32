/** The process that takes jobs in over HTTP. */
@NullMarked
package io.quikqueue.api;

import org.jspecify.annotations.NullMarked;
