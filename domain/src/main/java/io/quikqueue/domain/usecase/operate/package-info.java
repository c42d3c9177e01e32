/** The same change of many jobs. */
@NullMarked
package io.quikqueue.domain.usecase.operate;

import org.jspecify.annotations.NullMarked;
