/** Submitting, reading and changing workflows. */
@NullMarked
package io.quikqueue.domain.usecase.workflow;

import org.jspecify.annotations.NullMarked;
