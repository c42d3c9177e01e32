package io.quikqueue.domain.usecase.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.InMemoryApiKeys;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.QuotaExceededException;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.access.ManageKeys.IssuedKey;
import io.quikqueue.domain.usecase.access.RefusedAccess.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticateTest {

  private static final Caller ADMIN = Caller.known("key:admin", Role.ADMIN, "192.0.2.1");
  private static final String ADMIN_KEY = "a-text-of-more-than-thirty-two-characters";

  private final SettableClock clock = new SettableClock();
  private final Random random = new Random(1);
  private final Store store = new Store();
  private final ManageKeys manage = new ManageKeys(store, clock, this::bytes);
  private final Authenticate authenticate =
      new Authenticate(
          store,
          clock,
          () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos(),
          ADMIN_KEY);

  /** A store that may be away, and counts who asks it. */
  private static final class Store implements ApiKeys {
    final InMemoryApiKeys keys = new InMemoryApiKeys();
    boolean away;
    volatile int reads;
    volatile @Nullable CountDownLatch answers;

    @Override
    public KeyTable table(KeyTable known) {
      reads++;
      awaitAnswers();
      return there().table(known);
    }

    private void awaitAnswers() {
      try {
        if (answers != null) {
          answers.await();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private ApiKeys there() {
      if (away) {
        throw new UnavailableException("store", "it is away");
      }
      return keys;
    }

    @Override
    public boolean create(ApiKey key) {
      return there().create(key);
    }

    @Override
    public Optional<ApiKey> find(String id) {
      return there().find(id);
    }

    @Override
    public List<ApiKey> list(@Nullable String after, int limit) {
      return there().list(after, limit);
    }

    @Override
    public Optional<ApiKey> change(String id, UnaryOperator<ApiKey> change) {
      return there().change(id, change);
    }

    @Override
    public void used(Map<String, Instant> lastUses) {
      there().used(lastUses);
    }
  }

  private byte[] bytes() {
    byte[] bytes = new byte[KeyText.BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private IssuedKey key(Role role, @Nullable Instant expiresAt) {
    return manage.create(ADMIN, "ci", role, Scope.ALL, Quota.NONE, expiresAt);
  }

  @Test
  void whyAKeyWasRefusedIsKnownToTheLog() {
    IssuedKey told = key(Role.VIEWER, clock.instant().plusSeconds(60));
    letPass("PT1S");
    String text = told.text().text();
    String wrong = text.substring(0, text.length() - 2) + (text.endsWith("AA") ? "BB" : "AA");
    assertThat(authenticate.whyNot("garbage")).isEqualTo(Reason.MALFORMED);
    assertThat(authenticate.whyNot(KeyText.of(bytes()).text()))
        .isEqualTo(Reason.UNKNOWN_OR_REVOKED);
    assertThat(authenticate.whyNot(wrong)).isEqualTo(Reason.WRONG_SECRET);
    letPass("PT60S");
    assertThat(authenticate.whyNot(text)).isEqualTo(Reason.EXPIRED);
    manage.revoke(ADMIN, told.key().id());
    letPass("PT1S");
    assertThat(authenticate.whyNot(text)).isEqualTo(Reason.UNKNOWN_OR_REVOKED);
  }

  private IssuedKey limited(int tokens, int burst) {
    Quota quota = new Quota(new Rate(tokens, Duration.ofSeconds(1), burst), null);
    return manage.create(ADMIN, "ci", Role.SUBMITTER, Scope.ALL, quota, null);
  }

  @Test
  void aKeyMakesNoMoreJobsThanItsRateWhicheverRequestsMakeThem() {
    IssuedKey key = limited(10, 20);
    letPass("PT1S");
    caller(key).orElseThrow().allowance().take(15);
    assertThatThrownBy(() -> caller(key).orElseThrow().allowance().take(6))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            e -> {
              assertThat(e.left()).isEqualTo(5);
              assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(100));
            });
    caller(key).orElseThrow().allowance().take(5); // the six took none
    letPass("PT0.2S");
    caller(key).orElseThrow().allowance().take(2);
    assertThatThrownBy(() -> caller(key).orElseThrow().allowance().take(1))
        .isInstanceOf(QuotaExceededException.class);
    letPass("PT1H");
    caller(key).orElseThrow().allowance().take(20); // no more than the burst
    assertThatThrownBy(() -> caller(key).orElseThrow().allowance().take(1))
        .isInstanceOf(QuotaExceededException.class);
  }

  @Test
  void noKeyTakesOfTheQuotaOfAnother() {
    IssuedKey one = limited(1, 1);
    IssuedKey other = limited(1, 1);
    letPass("PT1S");
    caller(one).orElseThrow().allowance().take(1);
    assertThatThrownBy(() -> caller(one).orElseThrow().allowance().take(1))
        .isInstanceOf(QuotaExceededException.class);
    caller(other).orElseThrow().allowance().take(1);
    caller(key(Role.SUBMITTER, null)).ifPresent(free -> free.allowance().take(1_000_000));
  }

  @Test
  void aChangedRateCountsAndGivesNoTokensBack() {
    IssuedKey key = limited(1, 10);
    letPass("PT1S");
    caller(key).orElseThrow().allowance().take(10);
    manage.change(
        ADMIN,
        key.key().id(),
        new ManageKeys.Change(
            null,
            false,
            null,
            quota -> new Quota(new Rate(100, Duration.ofSeconds(1), 1_000), null)));
    letPass("PT1S");
    assertThatThrownBy(() -> caller(key).orElseThrow().allowance().take(200))
        .isInstanceOf(QuotaExceededException.class);
    letPass("PT1S");
    caller(key).orElseThrow().allowance().take(100);
  }

  @Test
  void moreThanTheBurstIsNeverThere() {
    IssuedKey key = limited(1, 10);
    letPass("PT1S");
    assertThatThrownBy(() -> caller(key).orElseThrow().allowance().take(11))
        .isInstanceOfSatisfying(
            QuotaExceededException.class, e -> assertThat(e.retryAfter()).isNull());
    caller(key).orElseThrow().allowance().take(10);
  }

  private Optional<Caller> caller(String text) {
    return authenticate.caller(text, "192.0.2.9");
  }

  private Optional<Caller> caller(IssuedKey told) {
    return caller(told.text().text());
  }

  private void letPass(String duration) {
    clock.advance(Duration.parse(duration));
  }

  @ParameterizedTest
  @EnumSource
  void aKeyTellsWhoCallsAndWhatTheyMay(Role role) {
    IssuedKey told = key(role, null);

    Caller caller = caller(told).orElseThrow();

    assertThat(caller.id()).isEqualTo("key:" + told.key().id());
    assertThat(caller.address()).isEqualTo("192.0.2.9");
    for (Role each : Role.values()) {
      assertThat(caller.may(each)).isEqualTo(each.compareTo(role) <= 0);
    }
    assertThat(told.key().by()).isEqualTo("key:admin");
  }

  @Test
  void anotherSecretOfTheSameKeyOpensNothing() {
    IssuedKey told = key(Role.ADMIN, null);
    String other = KeyText.ofSecret(told.key().id(), bytes()).text();

    assertThat(caller(other)).isEmpty();
    assertThat(caller(told)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "qq_",
        "qq_0123456789abcdef_",
        "qq_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "a-text-of-more-than-thirty-two-character",
        "A-text-of-more-than-thirty-two-characters"
      })
  void whatIsNoKeyOpensNothing(String text) {
    key(Role.ADMIN, null);

    assertThat(caller(text)).isEmpty();
  }

  @Test
  void theKeyOfTheConfigurationMayDoEverythingAlsoWhileTheStoreIsAway() {
    store.away = true;

    assertThat(caller(ADMIN_KEY)).get().matches(caller -> caller.may(Role.ADMIN));
  }

  @Test
  void aRevokedKeyOpensNothingWithinASecond() {
    IssuedKey told = key(Role.VIEWER, null);
    assertThat(caller(told)).isPresent();

    manage.revoke(ADMIN, told.key().id());
    letPass("PT1S");

    assertThat(caller(told)).isEmpty();
    assertThat(manage.rotate(ADMIN, told.key().id(), Duration.ZERO)).isEmpty();
    assertThat(manage.change(ADMIN, told.key().id(), new ManageKeys.Change("x", false, null)))
        .isEmpty();
  }

  @Test
  void aKeyThatHasExpiredOpensNothing() {
    IssuedKey told = key(Role.VIEWER, clock.instant().plusSeconds(10));
    letPass("PT9S");
    assertThat(caller(told)).isPresent();

    letPass("PT1S");

    assertThat(caller(told)).isEmpty();
    assertThat(manage.state(told.key())).isEqualTo(ApiKey.State.EXPIRED);
  }

  @Test
  void bothSecretsOpenUntilTheOverlapOfARotationEnds() {
    IssuedKey before = key(Role.VIEWER, null);
    IssuedKey after = manage.rotate(ADMIN, before.key().id(), Duration.ofMinutes(5)).orElseThrow();
    letPass("PT4M59S");
    assertThat(caller(before)).isPresent();
    assertThat(caller(after)).isPresent();

    letPass("PT1S");

    assertThat(caller(before)).isEmpty();
    assertThat(caller(after)).isPresent();
  }

  @Test
  void aRotationThatIsDoneTwiceKeepsTheSecretBefore() {
    IssuedKey before = key(Role.VIEWER, null);
    ApiKey key = before.key();
    String next = KeyText.ofSecret(key.id(), bytes()).hash();
    Instant until = clock.instant().plusSeconds(60);

    ApiKey twice = key.rotated(next, until).rotated(next, until);

    assertThat(twice.isOpenedBy(key.hash(), clock.instant())).isTrue();
  }

  @Test
  void whileTheStoreDoesNotAnswerOthersGoOnWithWhatIsKnown() throws Exception {
    IssuedKey told = key(Role.VIEWER, null);
    assertThat(caller(told)).isPresent();
    letPass("PT1S");
    CountDownLatch answers = new CountDownLatch(1);
    store.answers = answers;
    CompletableFuture<Optional<Caller>> slow = CompletableFuture.supplyAsync(() -> caller(told));
    await().until(() -> store.reads > 1);

    assertThat(caller(told)).isPresent();
    assertThat(slow).isNotDone();

    answers.countDown();
    assertThat(slow.get()).isPresent();
  }

  @Test
  void aSecretThatWasRotatedTwiceOpensNothing() {
    IssuedKey first = key(Role.VIEWER, null);
    manage.rotate(ADMIN, first.key().id(), Duration.ofDays(1));
    manage.rotate(ADMIN, first.key().id(), Duration.ofDays(1));

    assertThat(caller(first)).isEmpty();
  }

  @Test
  void whileTheStoreIsAwayKeysCountForFiveSecondsAndThenNobodyCanSay() {
    IssuedKey told = key(Role.VIEWER, null);
    assertThat(caller(told)).isPresent();
    store.away = true;

    letPass("PT4.999S");
    assertThat(caller(told)).isPresent();
    letPass("PT0.001S");
    assertThatThrownBy(() -> caller(told)).isInstanceOf(UnavailableException.class);

    store.away = false;
    letPass("PT1S");
    assertThat(caller(told)).isPresent();
  }

  @Test
  void aStoreThatIsAwayIsNotAskedByEachCaller() {
    IssuedKey told = key(Role.VIEWER, null);
    caller(told);
    store.away = true;
    letPass("PT1S");
    int before = store.reads;

    for (int i = 0; i < 100; i++) {
      assertThat(caller(told)).isPresent();
    }

    assertThat(store.reads - before).isOne();
  }

  @Test
  void keysThatNobodyHasCostTheStoreNothing() {
    caller(KeyText.of(bytes()).text());
    int before = store.reads;

    for (int i = 0; i < 100; i++) {
      assertThat(caller(KeyText.of(bytes()).text())).isEmpty();
    }

    assertThat(store.reads).isEqualTo(before);
  }

  @Test
  void theLastUseIsWrittenNowAndThen() {
    IssuedKey told = key(Role.VIEWER, null);
    Instant first = clock.instant();
    caller(told);
    authenticate.writeUses();
    assertThat(used(told)).isEqualTo(first);

    letPass("PT30S");
    caller(told);
    authenticate.writeUses();
    assertThat(used(told)).isEqualTo(first);

    letPass("PT31S");
    Instant later = clock.instant();
    caller(told);
    store.away = true;
    assertThatThrownBy(authenticate::writeUses).isInstanceOf(UnavailableException.class);
    store.away = false;
    authenticate.writeUses();
    assertThat(used(told)).isEqualTo(later);
  }

  private @Nullable Instant used(IssuedKey told) {
    return store.keys.find(told.key().id()).orElseThrow().usedAt();
  }

  @Test
  void aKeyThatWouldHaveExpiredIsNotCreated() {
    assertThatThrownBy(() -> key(Role.VIEWER, clock.instant()))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("expires_at");
  }

  @Test
  void noSecretIsInAnyText() {
    IssuedKey told = key(Role.ADMIN, null);
    String secret = told.text().text().substring(20);
    IssuedKey rotated = manage.rotate(ADMIN, told.key().id(), Duration.ofDays(1)).orElseThrow();

    assertThat(told + " " + rotated + store.keys.list(null, 10) + told.text())
        .doesNotContain(secret, rotated.text().text().substring(20))
        .doesNotContain(told.key().hash(), rotated.key().hash());
  }
}
