/** Takes jobs in and makes them durable. */
@NullMarked
package io.quikqueue.domain.usecase.submit;

import org.jspecify.annotations.NullMarked;
