package io.quikqueue.http;

import java.time.Duration;

/**
 * What one call may use up.
 *
 * @param maxBytes of the answer's body that are kept; 0 = none
 * @param time for all of it
 * @param share of the bytes that all calls may hold
 */
record Bounds(int maxBytes, Duration time, ByteBudget.Share share) {}
