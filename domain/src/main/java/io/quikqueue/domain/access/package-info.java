/** Who may call the service: keys of programs and what they may do. */
@NullMarked
package io.quikqueue.domain.access;

import org.jspecify.annotations.NullMarked;
