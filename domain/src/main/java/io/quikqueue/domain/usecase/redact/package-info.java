/** Which fields of jobs are secret, and how they are kept from those who may not see them. */
@NullMarked
package io.quikqueue.domain.usecase.redact;

import org.jspecify.annotations.NullMarked;
