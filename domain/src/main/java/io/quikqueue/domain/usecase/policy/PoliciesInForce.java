package io.quikqueue.domain.usecase.policy;

import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.usecase.InForce;
import java.util.function.LongSupplier;

/** The policies {@link InForce}. */
public final class PoliciesInForce {

  private final InForce<PolicyTable> tables;

  /**
   * @param nanos monotonic time
   */
  public PoliciesInForce(PolicyStore store, LongSupplier nanos) {
    this.tables =
        new InForce<>(before -> store.table(before == null ? PolicyTable.EMPTY : before), nanos);
  }

  /**
   * All policies. The same object as long as nothing changes.
   *
   * @throws io.quikqueue.domain.port.UnavailableException until the store has answered once
   */
  public PolicyTable table() {
    return tables.get();
  }

  /** A change that makes a job's next attempt ready, with the policy that it has from then on. */
  public Transition refreshed(Transition change) {
    return change.withPolicy(table().of(change.after().spec()));
  }
}
