package io.quikqueue.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt is put off without being counted as a failure.
 *
 * @param until the earliest moment of the next attempt
 * @param reason for people, such as {@code the circuit of http://host:80 is open}
 * @param answer what the destination answered; null = nothing was sent
 */
public record Postponement(Instant until, String reason, @Nullable String answer) {}
