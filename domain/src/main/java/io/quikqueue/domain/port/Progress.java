package io.quikqueue.domain.port;

import org.jspecify.annotations.Nullable;

/**
 * How far an attempt is, as its handler said last.
 *
 * @param percent 0 to 100
 * @param message what the handler said with it, at most 200 characters; null = nothing
 */
public record Progress(int percent, @Nullable String message) {}
