/** Workflows: named nodes, each a job, which wait for other nodes. */
@NullMarked
package io.quikqueue.domain.workflow;

import org.jspecify.annotations.NullMarked;
