/** What is kept of who changed what, signed in or was refused. */
@NullMarked
package io.quikqueue.domain.audit;

import org.jspecify.annotations.NullMarked;
