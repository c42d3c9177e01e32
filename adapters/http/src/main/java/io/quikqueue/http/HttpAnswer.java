package io.quikqueue.http;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param contentType as the server spelt it; null = not said
 * @param contentEncoding as the server spelt it; null = not said
 * @param retryAfter the header Retry-After as the server spelt it; null = not said
 * @param body as it came, compressed or not
 */
record HttpAnswer(
    int status,
    @Nullable String contentType,
    @Nullable String contentEncoding,
    @Nullable String retryAfter,
    RawBody body) {}
