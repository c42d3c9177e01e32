/** Users: who they are, and how they sign in. */
@NullMarked
package io.quikqueue.domain.usecase.user;

import org.jspecify.annotations.NullMarked;
