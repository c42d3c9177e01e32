package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.port.PolicyStore.DeleteResult;
import io.quikqueue.domain.port.PolicyStore.PutResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link PolicyStore} guarantees: what is set is in force field by field, before what is
 * declared; a change is seen by the next who reads; a precondition is checked with the change; no
 * version comes twice.
 */
public abstract class PolicyStoreContract extends StoreContract {

  private static final LimitKey TYPE = LimitKey.type("mail");
  private static final LimitKey QUEUE = LimitKey.queue("mail");
  private static final RetryDelays LIST =
      RetryDelays.of(null, null, null, List.of(Duration.ofSeconds(1), Duration.ofHours(2)), 0.25);
  private static final PolicyOptions WHOLE =
      new PolicyOptions(new RetryOptions(7, LIST, Duration.ofDays(1), 2), Duration.ofMillis(1500));
  private static final PolicyOptions PART =
      new PolicyOptions(new RetryOptions(null, null, null, 1), null);

  private PolicyStore policies;

  @BeforeEach
  void openPolicies() {
    policies = stores.policies();
  }

  private PutResult put(LimitKey key, PolicyOptions policy) {
    return policies.put(key, policy, "me;ä", tick(), _ -> true);
  }

  private PolicyEntry done(PutResult result) {
    assertThat(result).isInstanceOf(PutResult.Done.class);
    return ((PutResult.Done) result).entry();
  }

  @Test
  void atFirstThereIsNone() {
    PolicyTable table = policies.table(PolicyTable.EMPTY);

    assertThat(table.types()).isEmpty();
    assertThat(table.queues()).isEmpty();
    assertThat(policies.find(TYPE)).isEmpty();
    assertThat(policies.delete(TYPE, _ -> true)).isEqualTo(DeleteResult.NONE);
  }

  @Test
  void whatIsSetIsInForceFieldByField() {
    PolicyEntry type = done(put(TYPE, WHOLE));
    PolicyEntry queue = done(put(QUEUE, PART));

    assertThat(policies.find(TYPE)).contains(type);
    assertThat(policies.find(QUEUE)).contains(queue);
    assertThat(type.policy()).isEqualTo(WHOLE);
    assertThat(type.by()).isEqualTo("me;ä");
    assertThat(type.declared()).isFalse();
    PolicyTable table = policies.table(PolicyTable.EMPTY);
    assertThat(table.types()).isEqualTo(Map.of("mail", WHOLE));
    assertThat(table.queues()).isEqualTo(Map.of("mail", PART));
    assertThat(policies.table(table)).isSameAs(table);
  }

  @Test
  void everyKindOfDelaysIsKept() {
    for (RetryDelays delays :
        List.of(
            LIST,
            RetryDelays.DEFAULT,
            RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(3), null, null, null),
            RetryDelays.of(null, Duration.ofMillis(1), Duration.ofDays(366), null, 1.0))) {
      PolicyOptions policy = new PolicyOptions(new RetryOptions(null, delays, null, null), null);
      put(TYPE, policy);
      assertThat(policies.find(TYPE)).map(PolicyEntry::policy).contains(policy);
    }
  }

  @Test
  void aChangeIsSeenByTheNextWhoReads() {
    put(TYPE, WHOLE);
    PolicyTable before = policies.table(PolicyTable.EMPTY);

    PutResult second = put(TYPE, PolicyOptions.NONE);

    assertThat(((PutResult.Done) second).created()).isFalse();
    assertThat(policies.table(before).types()).isEqualTo(Map.of("mail", PolicyOptions.NONE));
    assertThat(policies.delete(TYPE, _ -> true)).isEqualTo(DeleteResult.DONE);
    assertThat(policies.table(before).types()).isEmpty();
  }

  @Test
  void aPreconditionIsCheckedWithTheChange() {
    PolicyEntry first = done(put(TYPE, WHOLE));

    assertThat(policies.put(TYPE, PART, "b", tick(), now -> now == null))
        .isInstanceOf(PutResult.Mismatch.class);
    assertThat(policies.delete(TYPE, now -> now == null)).isEqualTo(DeleteResult.MISMATCH);
    assertThat(policies.find(TYPE)).contains(first);
    assertThat(policies.put(TYPE, PART, "b", tick(), first::equals))
        .isInstanceOf(PutResult.Done.class);
  }

  @Test
  void noVersionComesTwice() {
    long first = done(put(TYPE, WHOLE)).version();
    policies.delete(TYPE, _ -> true);
    long second = done(put(TYPE, WHOLE)).version();

    assertThat(second).isGreaterThan(first);
  }

  @Test
  void whatIsDeclaredIsInForceWhereNobodySetAnything() {
    policies.declare(Map.of(TYPE, PART, QUEUE, PART), "configuration", tick());
    PolicyEntry declared = policies.find(TYPE).orElseThrow();
    assertThat(declared.declared()).isTrue();
    assertThat(policies.delete(TYPE, _ -> true)).isEqualTo(DeleteResult.NONE);

    put(TYPE, WHOLE);
    assertThat(policies.table(PolicyTable.EMPTY).types()).isEqualTo(Map.of("mail", WHOLE));
    assertThat(policies.table(PolicyTable.EMPTY).queues()).isEqualTo(Map.of("mail", PART));
    assertThat(policies.delete(TYPE, _ -> true)).isEqualTo(DeleteResult.DONE);
    assertThat(policies.find(TYPE)).contains(declared);

    policies.declare(Map.of(TYPE, PART), "configuration", tick());
    assertThat(policies.find(TYPE)).contains(declared);
    assertThat(policies.find(QUEUE)).isEmpty();
  }

  @Test
  void thereAreNotMoreThanABound() {
    Map<LimitKey, PolicyOptions> many = new HashMap<>();
    for (int i = 0; i < PolicyStore.MOST; i++) {
      many.put(LimitKey.type("t" + i), PART);
    }
    policies.declare(many, "configuration", tick());
    many.forEach((key, policy) -> done(put(key, policy)));

    assertThat(put(TYPE, PART)).isInstanceOf(PutResult.Full.class);

    assertThat(put(LimitKey.type("t1"), WHOLE)).isInstanceOf(PutResult.Done.class);
    policies.delete(LimitKey.type("t2"), _ -> true);
    assertThat(put(TYPE, PART)).isInstanceOf(PutResult.Done.class);
  }
}
