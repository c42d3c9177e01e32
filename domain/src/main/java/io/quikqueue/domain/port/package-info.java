/** The driven ports: what the use cases need from the world, named by role. */
@NullMarked
package io.quikqueue.domain.port;

import org.jspecify.annotations.NullMarked;
