/** Shows and changes how jobs of types and queues are tried. */
@NullMarked
package io.quikqueue.domain.usecase.policy;

import org.jspecify.annotations.NullMarked;
