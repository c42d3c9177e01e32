package io.quikqueue.domain.usecase.limit;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.InForce;
import java.util.function.LongSupplier;

/** The limits {@link InForce}. */
public final class LimitsInForce {

  private final InForce<LimitTable> tables;

  /**
   * @param nanos monotonic time
   */
  public LimitsInForce(LimitStore store, LongSupplier nanos) {
    this.tables =
        new InForce<>(before -> store.table(before == null ? LimitTable.EMPTY : before), nanos);
  }

  /**
   * All limits. The same object as long as nothing changes.
   *
   * @throws UnavailableException until the store has answered once, so that nothing runs without
   *     the limits that it has
   */
  public LimitTable table() {
    return tables.get();
  }
}
