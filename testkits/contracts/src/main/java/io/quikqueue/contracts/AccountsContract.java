package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.LoginFailures.Bound;
import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.LoginGuard;
import io.quikqueue.domain.port.Sessions;
import io.quikqueue.domain.port.TokenKeys;
import io.quikqueue.domain.port.Users;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link io.quikqueue.domain.port.Accounts} guarantee: a user comes back as it was stored, and
 * no two have one address; what ends sessions does so with the change; failures are counted one
 * after another.
 */
public abstract class AccountsContract extends StoreContract {

  private static final String FAILURE = "f".repeat(64);

  private final Random random = new Random(35);
  private Users users;
  private Sessions sessions;
  private LoginGuard guard;
  private TokenKeys keys;
  private int made;

  @BeforeEach
  void openAccounts() {
    users = stores.accounts().users();
    sessions = stores.accounts().sessions();
    guard = stores.accounts().guard();
    keys = stores.accounts().tokenKeys();
  }

  private User user(Role role) {
    made++;
    User.Profile profile =
        new User.Profile(
            "Änne " + made, "änne" + made + "@example.com", 30 + made, "+4915112345678");
    User user = User.created("%016x".formatted(made), profile, role, "hash", tick(), "me;ä");
    users.create(user);
    return user;
  }

  private RefreshToken token() {
    byte[] bytes = new byte[RefreshToken.BYTES];
    random.nextBytes(bytes);
    return RefreshToken.of(bytes);
  }

  private Session begun(User user) {
    Instant now = tick();
    Session session = Session.begun(token(), user, now, now.plusSeconds(60));
    assertThat(sessions.begin(session)).isTrue();
    return session;
  }

  private List<User> list(@Nullable Role role, @Nullable Boolean active, @Nullable String after) {
    return users.list(new Users.Query(role, active, after, 2));
  }

  @Test
  void aUserComesBackAsTheyWereCreated() {
    User user = user(Role.OPERATOR);
    User plain =
        User.created(
            "a".repeat(16),
            new User.Profile("B", "b@example.com", null, null),
            Role.VIEWER,
            "h".repeat(255),
            tick(),
            "x");
    users.create(plain);
    users.create(plain);

    assertThat(users.find(user.id())).contains(user);
    assertThat(users.findByEmail(user.profile().email())).contains(user);
    assertThat(users.find(plain.id())).contains(plain);
    assertThat(users.find("f".repeat(16))).isEmpty();
    assertThat(users.findByEmail("nobody@example.com")).isEmpty();
  }

  @Test
  void noTwoUsersHaveOneAddress() {
    User first = user(Role.VIEWER);
    User second = user(Role.VIEWER);
    User like = User.created("e".repeat(16), first.profile(), Role.ADMIN, "hash", tick(), "me");

    assertThatThrownBy(() -> users.create(like)).isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(
            () ->
                users.change(
                    second.id(),
                    each -> each.changed(first.profile(), Role.VIEWER, true, each.createdAt())))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("email"));
    assertThat(users.find(second.id())).contains(second);
  }

  @Test
  void ofThoseWhoTakeAnAddressAtOnceOneHasIt() throws Exception {
    for (int round = 0; round < 10; round++) {
      User.Profile profile = new User.Profile("D", "d" + round + "@example.com", null, null);
      Instant now = tick();
      List<Callable<String>> creates = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String id = "%015x%x".formatted(round, i);
        creates.add(
            () -> {
              try {
                users.create(User.created(id, profile, Role.VIEWER, "hash", now, "me"));
                return id;
              } catch (InvalidFieldException e) {
                return e.field();
              }
            });
      }

      List<String> answers = atOnce(creates);

      String holder = users.findByEmail(profile.email()).orElseThrow().id();
      assertThat(answers).containsOnlyOnce(holder);
      assertThat(answers).filteredOn("email"::equals).hasSize(2);
    }
  }

  @Test
  void usersAreListedByPagesAndFilters() {
    User viewer = user(Role.VIEWER);
    User admin = user(Role.ADMIN);
    User third = user(Role.ADMIN);
    User gone =
        users
            .change(third.id(), each -> each.changed(each.profile(), Role.ADMIN, false, tick()))
            .orElseThrow();

    assertThat(list(null, null, null)).containsExactly(viewer, admin);
    assertThat(list(null, null, admin.id())).containsExactly(gone);
    assertThat(list(Role.ADMIN, null, null)).containsExactly(admin, gone);
    assertThat(list(Role.ADMIN, true, null)).containsExactly(admin);
    assertThat(list(null, false, null)).containsExactly(gone);
    assertThat(users.counts())
        .containsExactly(
            new Users.Count(Role.VIEWER, true, 1),
            new Users.Count(Role.ADMIN, false, 1),
            new Users.Count(Role.ADMIN, true, 1));
  }

  @Test
  void aUserIsChangedAsAWhole() {
    User user = user(Role.VIEWER);
    User.Profile profile = new User.Profile("C", "c@example.com", null, null);

    User changed =
        users
            .change(
                user.id(),
                each -> each.changed(profile, Role.ADMIN, true, tick()).withPassword("new", tick()))
            .orElseThrow();

    assertThat(users.find(user.id())).contains(changed);
    assertThat(changed.profile()).isEqualTo(profile);
    assertThat(users.change("f".repeat(16), each -> each)).isEmpty();
  }

  private User ended(User user, User.Profile profile, Role role, boolean active) {
    return user.changed(profile, role, active, tick());
  }

  @Test
  void theLastActiveAdminStaysOne() {
    User one = user(Role.ADMIN);
    User two = user(Role.ADMIN);
    User viewer = user(Role.VIEWER);
    users.changeKeepingAdmin(viewer.id(), each -> ended(each, each.profile(), Role.VIEWER, false));
    users.changeKeepingAdmin(one.id(), each -> ended(each, each.profile(), Role.ADMIN, false));
    User.Profile other = new User.Profile("C", "c@example.com", null, null);

    for (boolean active : new boolean[] {true, false}) {
      Role role = active ? Role.OPERATOR : Role.ADMIN;
      assertThatThrownBy(
              () -> users.changeKeepingAdmin(two.id(), each -> ended(each, other, role, active)))
          .isInstanceOf(LastAdminException.class);
    }
    assertThat(users.find(two.id())).as("all of it was refused").contains(two);
    users.changeKeepingAdmin(two.id(), each -> ended(each, other, Role.ADMIN, true));
    assertThat(users.changeKeepingAdmin("f".repeat(16), each -> each)).isEmpty();

    users.change(two.id(), each -> ended(each, other, Role.VIEWER, true));
    assertThat(list(Role.ADMIN, true, null)).isEmpty();
    users.changeKeepingAdmin(two.id(), each -> ended(each, other, Role.OPERATOR, true));
  }

  @Test
  void adminsWhoEndEachOtherAtOnceLeaveOne() throws Exception {
    for (int round = 0; round < 10; round++) {
      List<User> admins = List.of(user(Role.ADMIN), user(Role.ADMIN), user(Role.ADMIN));
      Instant now = tick();
      List<Callable<Boolean>> ends = new ArrayList<>();
      for (User admin : admins) {
        ends.add(
            () -> {
              try {
                users.changeKeepingAdmin(
                    admin.id(), each -> each.changed(each.profile(), Role.VIEWER, true, now));
                return true;
              } catch (LastAdminException e) {
                return false;
              }
            });
      }

      assertThat(atOnce(ends)).containsExactlyInAnyOrder(true, true, false);

      List<User> left = list(Role.ADMIN, true, null);
      assertThat(left).hasSize(1);
      users.change(left.getFirst().id(), each -> ended(each, each.profile(), Role.VIEWER, true));
    }
  }

  @Test
  void aSessionComesBackAndCountsALogin() {
    User user = user(Role.SUBMITTER);

    Session session = begun(user);
    assertThat(sessions.begin(session)).isTrue();

    User after = user.loggedIn(session.createdAt());
    assertThat(sessions.find(session.id())).contains(new Sessions.SignedIn(session, after));
    LocalDate day = LocalDate.ofInstant(session.createdAt(), ZoneOffset.UTC);
    assertThat(users.logins(day)).containsExactly(new Users.LoginDay(day, 1));
    assertThat(users.logins(day.plusDays(1))).isEmpty();
    assertThat(sessions.find("f".repeat(32))).isEmpty();
  }

  @Test
  void aSessionIsChangedAndEnds() {
    Session session = begun(user(Role.VIEWER));
    Session next = session.rotated(token(), session.expiresAt().plusSeconds(5));

    assertThat(sessions.change(session.id(), _ -> next)).contains(next);
    assertThat(sessions.find(session.id()).map(Sessions.SignedIn::session)).contains(next);
    assertThat(sessions.change(session.id(), _ -> null)).isEmpty();
    assertThat(sessions.find(session.id())).isEmpty();
    assertThat(sessions.change(session.id(), each -> each)).isEmpty();
  }

  @Test
  void whatEndsTheSessionsOfAUserEndsNoOthers() {
    List<UnaryOperator<User>> ends =
        List.of(
            each -> each.withPassword("other", tick()),
            each -> each.changed(each.profile(), each.role(), false, tick()));
    for (UnaryOperator<User> end : ends) {
      User user = user(Role.VIEWER);
      Session one = begun(user);
      Session two = begun(user);
      Session others = begun(user(Role.VIEWER));

      users.change(user.id(), end);

      assertThat(sessions.find(one.id())).isEmpty();
      assertThat(sessions.find(two.id())).isEmpty();
      assertThat(sessions.find(others.id())).isPresent();
      assertThat(sessions.begin(one)).as("with the password or state before").isFalse();
    }
  }

  @Test
  void aNewHashOfTheSamePasswordAndAnotherRoleEndNoSession() {
    User user = user(Role.VIEWER);
    Session session = begun(user);

    users.change(user.id(), each -> each.rehashed("better"));
    users.change(user.id(), each -> each.changed(each.profile(), Role.ADMIN, true, tick()));

    assertThat(sessions.find(session.id()).orElseThrow().user().role()).isEqualTo(Role.ADMIN);
    sessions.endAll(user.id());
    assertThat(sessions.find(session.id())).isEmpty();
  }

  @Test
  void theOldestSessionsMakeRoom() {
    User user = user(Role.VIEWER);
    List<Session> begun = new ArrayList<>();
    for (int i = 0; i <= Sessions.MOST; i++) {
      begun.add(begun(user));
    }

    assertThat(sessions.find(begun.get(0).id())).isEmpty();
    assertThat(sessions.find(begun.get(1).id())).isPresent();
    assertThat(sessions.find(begun.getLast().id())).isPresent();
  }

  @Test
  void sessionsThatHaveExpiredAreDeleted() {
    Session session = begun(user(Role.VIEWER));

    assertThat(sessions.prune(session.expiresAt().minusSeconds(1), 10)).isZero();
    assertThat(sessions.prune(session.expiresAt(), 10)).isEqualTo(1);

    assertThat(sessions.find(session.id())).isEmpty();
  }

  @Test
  void failuresAreCountedAndForgotten() {
    Instant now = tick();
    LoginFailures one = guard.change(FAILURE, known -> known.tried(Bound.ACCOUNT, now));
    assertThat(one).isEqualTo(LoginFailures.NONE.tried(Bound.ACCOUNT, now));
    assertThat(guard.change(FAILURE, known -> known)).isEqualTo(one);

    LoginFailures two = guard.change(FAILURE, known -> known.tried(Bound.ACCOUNT, now));
    assertThat(two.count()).isEqualTo(2);

    guard.change(FAILURE, _ -> LoginFailures.NONE);
    assertThat(guard.change(FAILURE, known -> known)).isEqualTo(LoginFailures.NONE);
    guard.change(FAILURE, known -> known.tried(Bound.ACCOUNT, now));
    assertThat(guard.prune(now, 10)).isZero();
    assertThat(guard.prune(now.plusSeconds(1), 10)).isEqualTo(1);
    assertThat(guard.change(FAILURE, known -> known)).isEqualTo(LoginFailures.NONE);
  }

  @Test
  void publishedKeysAreListedUntilTheyExpire() {
    Instant now = tick();
    TokenKey first = new TokenKey("1".repeat(16), "ab".repeat(44), now, now.plusSeconds(60));
    Instant later = first.expiresAt().plus(Duration.ofSeconds(1));
    TokenKey second = new TokenKey("2".repeat(16), "cd".repeat(44), later, later.plusSeconds(60));

    keys.publish(first);
    keys.publish(first);
    assertThat(keys.list(now)).containsExactly(first);
    assertThat(keys.list(first.expiresAt())).isEmpty();

    keys.publish(second);
    assertThat(keys.list(now)).containsExactly(second);
  }
}
