package io.quikqueue.domain.usecase.run;

import java.time.Instant;

/**
 * That an attempt gives back its slot until a moment, or until the signal that it waits for.
 *
 * @param why for people, such as {@code sleeps until 2026-11-21T14:18:03Z}
 */
record Suspension(Instant until, String why) {}
