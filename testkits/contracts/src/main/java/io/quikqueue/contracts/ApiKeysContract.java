package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.ApiKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@link ApiKeys} guarantee: a key comes back as it was created and changed; who reads the
 * table next sees a change; there is a bound; a last use is noted and never set back.
 */
public abstract class ApiKeysContract extends StoreContract {

  private final Random random = new Random(16);
  private ApiKeys keys;

  @BeforeEach
  void openKeys() {
    keys = stores.apiKeys();
  }

  private ApiKey key(Role role, Instant now) {
    byte[] bytes = new byte[KeyText.BYTES];
    random.nextBytes(bytes);
    return ApiKey.created(KeyText.of(bytes), "ci — ä", role, now.plusSeconds(9), now, "me;ä");
  }

  private ApiKey created() {
    ApiKey key = key(Role.VIEWER, tick());
    assertThat(keys.create(key)).isTrue();
    return key;
  }

  private Map<String, ApiKey> table() {
    return keys.table(KeyTable.EMPTY).keys();
  }

  @Test
  void atFirstThereIsNone() {
    assertThat(table()).isEmpty();
    assertThat(keys.list(null, 10)).isEmpty();
    assertThat(keys.find("0123456789abcdef")).isEmpty();
    assertThat(keys.change("0123456789abcdef", key -> key.renamed("x"))).isEmpty();
    keys.used(Map.of("0123456789abcdef", tick()));
  }

  @ParameterizedTest
  @EnumSource
  void aKeyComesBackAsItWasCreated(Role role) {
    ApiKey key = key(role, tick());

    assertThat(keys.create(key)).isTrue();

    assertThat(keys.find(key.id())).contains(key);
    assertThat(keys.list(null, 10)).containsExactly(key);
    assertThat(table()).isEqualTo(Map.of(key.id(), key));
  }

  @Test
  void aKeyComesBackWithItsScope() {
    byte[] bytes = new byte[KeyText.BYTES];
    Set<String> most = new HashSet<>();
    for (int i = 0; i < Scope.MOST; i++) {
      most.add("%02d".formatted(i) + "q".repeat(62) + "*");
    }
    Scope scope = new Scope(Set.of("a", "b.c_d-*"), most);
    ApiKey key =
        ApiKey.created(
            KeyText.of(bytes), "ci", Role.OPERATOR, scope, Quota.NONE, null, tick(), "me");

    assertThat(keys.create(key)).isTrue();

    assertThat(keys.find(key.id())).contains(key);
    assertThat(table()).isEqualTo(Map.of(key.id(), key));
    assertThat(keys.change(key.id(), each -> each.renamed("x"))).contains(key.renamed("x"));
    assertThat(keys.find(key.id())).contains(key.renamed("x"));
  }

  @Test
  void aKeyComesBackWithItsQuota() {
    Quota most = new Quota(new Rate(Rate.MOST, Duration.ofDays(1), Rate.MOST), 1_000_000_000);
    ApiKey key = key(Role.VIEWER, tick()).limited(most);
    assertThat(keys.create(key)).isTrue();
    assertThat(keys.find(key.id())).contains(key);
    assertThat(table()).isEqualTo(Map.of(key.id(), key));

    for (Quota quota :
        List.of(
            new Quota(null, 1),
            new Quota(new Rate(1, Duration.ofMillis(1), 2), null),
            Quota.NONE)) {
      assertThat(keys.change(key.id(), each -> each.limited(quota))).contains(key.limited(quota));
      assertThat(table()).isEqualTo(Map.of(key.id(), key.limited(quota)));
    }
  }

  @Test
  void aKeyIsChangedAsAWhole() {
    ApiKey key = created();
    Instant until = tick();

    ApiKey changed =
        keys.change(
                key.id(), now -> now.renamed("other").expiring(null).rotated("f".repeat(64), until))
            .orElseThrow();

    assertThat(changed)
        .isEqualTo(key.renamed("other").expiring(null).rotated("f".repeat(64), until));
    assertThat(keys.find(key.id())).contains(changed);
    assertThat(table()).isEqualTo(Map.of(key.id(), changed));
  }

  @Test
  void whoReadsTheTableNextSeesAChange() {
    KeyTable none = keys.table(KeyTable.EMPTY);
    ApiKey key = created();
    KeyTable one = keys.table(none);
    assertThat(one.keys()).containsOnlyKeys(key.id());
    assertThat(keys.table(one)).isSameAs(one);

    keys.change(key.id(), now -> now.revoked(tick()));

    assertThat(keys.table(one).keys()).isEmpty();
    assertThat(keys.find(key.id()).orElseThrow().revokedAt()).isNotNull();
  }

  @Test
  void theSameIsCreatedOnce() {
    ApiKey key = created();
    keys.change(key.id(), now -> now.renamed("later"));

    assertThat(keys.create(key)).isTrue();

    assertThat(keys.find(key.id())).contains(key.renamed("later"));
  }

  @Test
  void pagesFollowTheOrderOfIds() {
    List<String> ids =
        List.of(created().id(), created().id(), created().id()).stream().sorted().toList();

    assertThat(keys.list(null, 2)).extracting(ApiKey::id).isEqualTo(ids.subList(0, 2));
    assertThat(keys.list(ids.get(1), 2)).extracting(ApiKey::id).containsExactly(ids.get(2));
  }

  @Test
  void aLastUseIsNotedAndNeverSetBack() {
    ApiKey key = created();
    Instant first = tick();
    Instant later = tick();

    keys.used(Map.of(key.id(), later));
    keys.used(Map.of(key.id(), first));

    assertThat(keys.find(key.id()).orElseThrow().usedAt()).isEqualTo(later);
  }

  @Test
  void thereAreNotMoreThanABoundAndRevokedOnesDoNotCount() {
    Instant now = tick();
    ApiKey first = created();
    for (int i = 1; i < ApiKeys.MOST; i++) {
      assertThat(keys.create(key(Role.VIEWER, now))).isTrue();
    }
    assertThat(keys.create(key(Role.VIEWER, now))).isFalse();

    keys.change(first.id(), key -> key.revoked(now));

    assertThat(keys.create(key(Role.VIEWER, now))).isTrue();
    assertThat(keys.create(key(Role.VIEWER, now))).isFalse();
  }

  @Test
  void whatWasRevokedLongAgoIsForgottenWhenAKeyIsCreated() {
    ApiKey old = created();
    ApiKey recent = created();
    keys.change(old.id(), key -> key.revoked(tick()));
    Instant later = tick().plus(ApiKeys.KEPT).plusSeconds(1);
    keys.change(recent.id(), key -> key.revoked(later));

    keys.create(key(Role.ADMIN, later));

    assertThat(keys.find(old.id())).isEmpty();
    assertThat(keys.find(recent.id())).isPresent();
  }
}
