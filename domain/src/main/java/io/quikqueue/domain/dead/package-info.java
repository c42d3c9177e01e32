/** What kind of failure made a job FAILED, so that failures of one kind can be counted together. */
@NullMarked
package io.quikqueue.domain.dead;

import org.jspecify.annotations.NullMarked;
