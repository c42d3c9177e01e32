package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.LimitStore.DeleteResult;
import io.quikqueue.domain.port.LimitStore.PutResult;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link LimitStore} guarantees. */
public abstract class LimitStoreContract extends StoreContract {

  private static final LimitKey MAILS = LimitKey.queue("mails");
  private static final LimitKey TYPE = LimitKey.type("mails");
  private static final Limits TEN = concurrency(10);
  private static final Limits TWENTY = concurrency(20);

  private LimitStore limits;

  @BeforeEach
  void setLimits() {
    limits = stores.limits();
  }

  @Test
  void thereAreNoLimitsAtFirst() {
    assertThat(limits.table(LimitTable.EMPTY)).isSameAs(LimitTable.EMPTY);
    assertThat(limits.find(MAILS)).isEmpty();
  }

  @Test
  void everyLimitIsKept() {
    Limits all =
        new Limits(
            1,
            Limits.MOST,
            new Rate(10, Duration.ofMillis(1), 1),
            new Rate(Rate.MOST, Duration.ofDays(1), Rate.MOST),
            7,
            8,
            OnLimit.CANCEL_OLDEST,
            new Retention(
                Map.of(
                    JobState.DONE, new Retention.Keep(Retention.SHORTEST, 0),
                    JobState.FAILED, new Retention.Keep(Retention.LONGEST, null),
                    JobState.CANCELLED, new Retention.Keep(Retention.LONGEST, Limits.MOST),
                    JobState.EXPIRED, new Retention.Keep(Retention.LONGEST, Limits.MOST),
                    JobState.SKIPPED, new Retention.Keep(null, Limits.MOST))),
            Map.of("acme", 3, "漢 ✂=\"1\"", 100, "ACME", 1));
    LimitEntry entry = put(MAILS, all);

    assertThat(entry.limits()).isEqualTo(all);
    assertThat(limits.find(MAILS)).contains(entry);
    assertThat(table().queues()).isEqualTo(Map.of("mails", all));
    assertThat(table().types()).isEmpty();
  }

  @Test
  void anEntrySaysWhoSetItAndWhen() {
    LimitEntry entry = put(TYPE, TEN);

    assertThat(entry)
        .isEqualTo(new LimitEntry(TYPE, TEN, false, entry.version(), "ops ✂", entry.at()));
    assertThat(limits.find(TYPE)).contains(entry);
    assertThat(limits.find(MAILS)).isEmpty();
    assertThat(table().types()).isEqualTo(Map.of("mails", TEN));
  }

  @Test
  void aNewOneTakesThePlaceOfTheOldAsAWhole() {
    put(MAILS, new Limits(1, 2, null, null, 3, 4, OnLimit.DROP_NEW, Map.of("acme", 2)));
    put(MAILS, TEN);

    assertThat(table().ofQueue("mails")).isEqualTo(TEN);
  }

  @Test
  void eachChangeRaisesTheVersionOfTheTable() {
    long before = table().version();
    LimitEntry first = put(MAILS, TEN);
    long afterFirst = table().version();
    LimitEntry second = put(MAILS, TEN);
    long afterSecond = table().version();
    delete(MAILS);
    long afterDelete = table().version();
    LimitEntry third = put(MAILS, TEN);

    assertThat(List.of(before, afterFirst, afterSecond, afterDelete, table().version()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(List.of(first.version(), second.version(), third.version()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void whatHasNotChangedIsNotReadAgain() {
    put(MAILS, TEN);
    LimitTable known = table();

    assertThat(limits.table(known)).isSameAs(known);
    put(TYPE, TWENTY);
    assertThat(limits.table(known)).isNotSameAs(known).isEqualTo(table());
  }

  @Test
  void aChangeIsMadeOnlyUnderItsPrecondition() {
    LimitEntry first = put(MAILS, TEN);
    LimitTable before = table();
    Precondition other = now -> now != null && now.version() == first.version() + 1;

    assertThat(limits.put(MAILS, TWENTY, "ops", tick(), other)).isEqualTo(new PutResult.Mismatch());
    assertThat(limits.put(TYPE, TWENTY, "ops", tick(), now -> now != null))
        .isEqualTo(new PutResult.Mismatch());
    assertThat(limits.delete(MAILS, other)).isEqualTo(DeleteResult.MISMATCH);
    assertThat(limits.table(before)).isSameAs(before);

    assertThat(limits.put(MAILS, TWENTY, "ops", tick(), is(first)))
        .isInstanceOf(PutResult.Done.class);
    assertThat(table().ofQueue("mails")).isEqualTo(TWENTY);
    assertThat(limits.delete(MAILS, now -> now != null && now.limits().equals(TWENTY)))
        .isEqualTo(DeleteResult.DONE);
  }

  @Test
  void ofConcurrentChangesUnderOnePreconditionOneIsMade() throws InterruptedException {
    LimitEntry first = put(MAILS, TEN);

    List<PutResult> results =
        atOnce(
            List.of(
                () -> limits.put(MAILS, TWENTY, "a", first.at(), is(first)),
                () -> limits.put(MAILS, TWENTY, "b", first.at(), is(first)),
                () -> limits.put(MAILS, TEN, "c", first.at(), is(first)),
                () -> limits.put(MAILS, TEN, "d", first.at(), is(first))));

    assertThat(results).filteredOn(PutResult.Done.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(PutResult.Mismatch.class::isInstance).hasSize(3);
  }

  @Test
  void concurrentChangesOfDifferentQueuesAreAllMade() throws InterruptedException {
    List<Long> versions =
        atOnce(
            List.of(
                () -> put(LimitKey.queue("a"), TEN).version(),
                () -> put(LimitKey.queue("b"), TEN).version(),
                () -> put(LimitKey.type("c"), TEN).version()));

    assertThat(versions).doesNotHaveDuplicates();
    assertThat(table().queues()).containsOnlyKeys("a", "b");
    assertThat(table().types()).containsOnlyKeys("c");
    assertThat(table().version()).isEqualTo(Collections.max(versions));
  }

  @Test
  void deletingSaysWhetherSomeWereSet() {
    put(MAILS, TEN);

    assertThat(delete(MAILS)).isEqualTo(DeleteResult.DONE);
    assertThat(delete(MAILS)).isEqualTo(DeleteResult.NONE);
    assertThat(limits.delete(TYPE, _ -> false)).isEqualTo(DeleteResult.NONE);
    assertThat(table().queues()).isEmpty();
    assertThat(limits.find(MAILS)).isEmpty();
  }

  @Test
  void settingSaysWhetherThereWereSome() {
    assertThat(limits.put(MAILS, TEN, "a", tick(), Precondition.NONE))
        .isInstanceOfSatisfying(PutResult.Done.class, done -> assertThat(done.created()).isTrue());
    assertThat(limits.put(MAILS, TEN, "a", tick(), Precondition.NONE))
        .isInstanceOfSatisfying(PutResult.Done.class, done -> assertThat(done.created()).isFalse());
    declare(Map.of(TYPE, TEN));
    assertThat(limits.put(TYPE, TEN, "a", tick(), Precondition.NONE))
        .isInstanceOfSatisfying(PutResult.Done.class, done -> assertThat(done.created()).isFalse());
  }

  @Test
  void namesAreToldApartByEveryCharacter() {
    put(LimitKey.type("Send"), TEN);
    put(LimitKey.type("send"), TWENTY);

    assertThat(table().types()).isEqualTo(Map.of("Send", TEN, "send", TWENTY));
  }

  @Test
  void whatIsDeclaredIsInForceUntilACallerSetsSomethingElse() {
    declare(Map.of(MAILS, TEN, TYPE, TEN));
    assertThat(table().queues()).isEqualTo(Map.of("mails", TEN));
    assertThat(limits.find(MAILS)).get().matches(LimitEntry::declared);

    put(MAILS, TWENTY);
    put(TYPE, Limits.NONE);
    assertThat(table().queues()).isEqualTo(Map.of("mails", TWENTY));
    assertThat(table().types()).isEmpty();
    assertThat(limits.find(MAILS)).get().matches(entry -> !entry.declared());
    assertThat(limits.find(TYPE)).get().extracting(LimitEntry::limits).isEqualTo(Limits.NONE);

    assertThat(delete(MAILS)).isEqualTo(DeleteResult.DONE);
    assertThat(delete(MAILS)).isEqualTo(DeleteResult.NONE);
    assertThat(table().queues()).isEqualTo(Map.of("mails", TEN));
  }

  @Test
  void whatADeclarationLacksIsDeclaredNoLonger() {
    put(LimitKey.queue("other"), TWENTY);
    declare(Map.of(MAILS, TEN, TYPE, TEN));
    declare(Map.of(TYPE, TWENTY));

    assertThat(table().queues()).isEqualTo(Map.of("other", TWENTY));
    assertThat(table().types()).isEqualTo(Map.of("mails", TWENTY));
  }

  @Test
  void whatIsDeclaredAlreadyKeepsItsVersion() {
    declare(Map.of(MAILS, TEN, TYPE, TEN));
    Optional<LimitEntry> mails = limits.find(MAILS);
    LimitTable before = table();

    declare(Map.of(MAILS, TEN, TYPE, TEN));
    assertThat(limits.table(before)).isSameAs(before);

    declare(Map.of(MAILS, TEN, TYPE, TWENTY));
    assertThat(limits.find(MAILS)).isEqualTo(mails);
    assertThat(table().version()).isGreaterThan(before.version());
  }

  @Test
  void aPreconditionMeetsWhatIsDeclared() {
    declare(Map.of(MAILS, TEN));
    LimitEntry declared = limits.find(MAILS).orElseThrow();

    assertThat(limits.put(MAILS, TWENTY, "ops", tick(), now -> now == null))
        .isEqualTo(new PutResult.Mismatch());
    assertThat(limits.put(MAILS, TWENTY, "ops", tick(), is(declared)))
        .isInstanceOf(PutResult.Done.class);
  }

  @Test
  void thereIsABoundOnHowManyHaveLimitsButNotOnChangingThem() {
    for (int i = 0; i < LimitStore.MOST; i++) {
      put(LimitKey.queue("q" + i), TEN);
    }

    assertThat(limits.put(MAILS, TEN, "ops", tick(), Precondition.NONE))
        .isInstanceOf(PutResult.Full.class);
    put(LimitKey.queue("q7"), TWENTY);
    delete(LimitKey.queue("q8"));
    put(MAILS, TEN);
    assertThat(table().queues()).hasSize(LimitStore.MOST);
  }

  @Test
  void thereIsABoundOnWeights() {
    Map<String, Integer> weights = new HashMap<>();
    for (int i = 0; i < Limits.MOST_WEIGHTS; i++) {
      weights.put("g" + i, 2);
    }
    Limits weighted = new Limits(null, null, null, null, null, null, weights);
    for (int i = 0; i < LimitStore.MOST_WEIGHTS / Limits.MOST_WEIGHTS; i++) {
      put(LimitKey.queue("q" + i), weighted);
    }

    assertThat(limits.put(MAILS, weights("acme", 2), "ops", tick(), Precondition.NONE))
        .isInstanceOf(PutResult.Full.class);
    put(LimitKey.queue("q1"), weighted);
    put(MAILS, TEN);
  }

  private static Precondition is(LimitEntry entry) {
    return now -> entry.equals(now);
  }

  private LimitTable table() {
    return limits.table(new LimitTable(-1, Map.of(), Map.of()));
  }

  private LimitEntry put(LimitKey key, Limits wanted) {
    PutResult result = limits.put(key, wanted, "ops ✂", tick(), Precondition.NONE);
    assertThat(result).isInstanceOf(PutResult.Done.class);
    return ((PutResult.Done) result).entry();
  }

  private DeleteResult delete(LimitKey key) {
    return limits.delete(key, Precondition.NONE);
  }

  private void declare(Map<LimitKey, Limits> declared) {
    limits.declare(declared, "configuration", tick());
  }

  private static Limits concurrency(int most) {
    return new Limits(most, null, null, null, null, null, Map.of());
  }

  private static Limits weights(String group, int weight) {
    return new Limits(null, null, null, null, null, null, Map.of(group, weight));
  }
}
