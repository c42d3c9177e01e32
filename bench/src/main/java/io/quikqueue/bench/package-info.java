/** Measures a running deployment through its REST API, as any client would use it. */
@NullMarked
package io.quikqueue.bench;

import org.jspecify.annotations.NullMarked;
