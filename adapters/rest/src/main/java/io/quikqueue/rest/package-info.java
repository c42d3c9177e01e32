/** The REST API: reads requests, calls the use cases, and writes their answers. */
@NullMarked
package io.quikqueue.rest;

import org.jspecify.annotations.NullMarked;
