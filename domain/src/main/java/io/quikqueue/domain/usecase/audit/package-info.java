/** The audit log: who changed what, signed in or was refused. */
@NullMarked
package io.quikqueue.domain.usecase.audit;

import org.jspecify.annotations.NullMarked;
