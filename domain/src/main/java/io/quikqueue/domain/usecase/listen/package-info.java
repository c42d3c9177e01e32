/** Who hears of what was committed. */
@NullMarked
package io.quikqueue.domain.usecase.listen;

import org.jspecify.annotations.NullMarked;
