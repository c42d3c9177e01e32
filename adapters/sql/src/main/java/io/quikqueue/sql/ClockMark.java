package io.quikqueue.sql;

import io.quikqueue.domain.port.UnavailableException;

/**
 * How far the clock of a store's processes has come while it is ahead of the store's own, kept in
 * the store for processes that start meanwhile.
 */
interface ClockMark {

  /** Keeps nothing. */
  ClockMark NONE =
      new ClockMark() {
        @Override
        public long micros() {
          return 0;
        }

        @Override
        public void raise(long micros) {}
      };

  /**
   * Microseconds since 1970; 0 when no clock was ever ahead.
   *
   * @throws UnavailableException when the store does not answer
   */
  long micros();

  /**
   * Keeps a later time; an earlier one changes nothing.
   *
   * @throws UnavailableException when the store does not answer
   */
  void raise(long micros);
}
