/** How jobs are tried that do not say so: the policies of types and queues. */
@NullMarked
package io.quikqueue.domain.policy;

import org.jspecify.annotations.NullMarked;
