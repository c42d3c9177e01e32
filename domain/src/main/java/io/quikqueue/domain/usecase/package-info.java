/** What is done with jobs, and who asks for it. */
@NullMarked
package io.quikqueue.domain.usecase;

import org.jspecify.annotations.NullMarked;
