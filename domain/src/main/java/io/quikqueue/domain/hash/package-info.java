/** SHA-256. */
@NullMarked
package io.quikqueue.domain.hash;

import org.jspecify.annotations.NullMarked;
