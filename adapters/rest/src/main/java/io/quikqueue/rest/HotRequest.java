package io.quikqueue.rest;

import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * A request for a {@link HotRoute}.
 *
 * @param id what stands in the path in the place of {@code {id}}, as it was sent; empty where the
 *     route has no such place
 * @param caller who sent it
 */
record HotRequest(HttpServletRequest in, HttpServletResponse out, String id, Caller caller) {}
