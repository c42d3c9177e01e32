/** What workers are asked to be, as those who do it know it. */
@NullMarked
package io.quikqueue.domain.usecase.desired;

import org.jspecify.annotations.NullMarked;
