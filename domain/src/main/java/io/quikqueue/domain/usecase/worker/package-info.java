/** Shows workers, changes their slots, drains and resumes them. */
@NullMarked
package io.quikqueue.domain.usecase.worker;

import org.jspecify.annotations.NullMarked;
