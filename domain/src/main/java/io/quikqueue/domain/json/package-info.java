/** Reading JSON texts without building anything of them. */
@NullMarked
package io.quikqueue.domain.json;

import org.jspecify.annotations.NullMarked;
