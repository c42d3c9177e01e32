package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Users;
import io.quikqueue.domain.usecase.Caller;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Creates, shows and changes users. All methods throw {@link
 * io.quikqueue.domain.port.UnavailableException} when the store cannot be reached.
 */
public final class ManageUsers {

  /** How many days of sign-ins are told. */
  public static final int MOST_DAYS = 90;

  private static final Logger LOG = System.getLogger(ManageUsers.class.getName());
  private static final int ID_BYTES = 8;

  private final Users users;
  private final PasswordChecks passwords;
  private final InstantSource clock;
  private final Supplier<byte[]> random;

  /**
   * @param clock the store's clock
   * @param random eight bytes or more that differ each time
   */
  public ManageUsers(
      Users users, PasswordChecks passwords, InstantSource clock, Supplier<byte[]> random) {
    this.users = users;
    this.passwords = passwords;
    this.clock = clock;
    this.random = random;
  }

  /** A password, or the hash of one that was set elsewhere. */
  public sealed interface Credential {

    /** As somebody chose it. */
    record Plain(Password password) implements Credential {}

    /** As another service stored it. */
    record Hashed(String hash) implements Credential {

      /** Without the hash. */
      @Override
      public String toString() {
        return "hash of a password";
      }
    }
  }

  /**
   * Creates a user.
   *
   * @throws InvalidFieldException when a field is wrong, or another user has the address
   */
  public User create(Caller caller, User.Profile profile, Role role, Credential credential) {
    String id = HexFormat.of().formatHex(random.get(), 0, ID_BYTES);
    User user = User.created(id, profile, role, hash(profile, credential), now(), caller.id());
    users.create(user);
    log("created", user, caller);
    return user;
  }

  private String hash(User.Profile profile, Credential credential) {
    return switch (credential) {
      case Credential.Plain(Password password) -> {
        password.requireGood("password", profile);
        yield passwords.hash(password);
      }
      case Credential.Hashed(String hash) -> {
        if (!passwords.isUsable(hash)) {
          throw new InvalidFieldException("password_hash", "is of a kind that is not taken here");
        }
        yield hash;
      }
    };
  }

  public Optional<User> find(Caller caller, String id) {
    return KeyText.isId(id) ? users.find(id) : Optional.empty();
  }

  /** Users in the order of their ids. */
  public List<User> list(Caller caller, Users.Query query) {
    return users.list(query);
  }

  /** Whether there is no user at all. */
  public boolean hasNone() {
    return users.list(new Users.Query(null, null, null, 1)).isEmpty();
  }

  /**
   * The one user with an address.
   *
   * @param email in any case of letters
   */
  public Optional<User> findByEmail(Caller caller, String email) {
    return users.findByEmail(User.Profile.normalized(email));
  }

  /**
   * What is to be changed; null = it stays.
   *
   * @param password ends all sessions of the user
   */
  public record Change(
      @Nullable String name,
      @Nullable String email,
      boolean hasAge,
      @Nullable Integer age,
      boolean hasPhone,
      @Nullable String phone,
      @Nullable Role role,
      @Nullable Boolean active,
      @Nullable Password password) {

    User applied(User user, Instant now) {
      User.Profile is = user.profile();
      return user.changed(
          new User.Profile(
              name == null ? is.name() : name,
              email == null ? is.email() : email,
              hasAge ? age : is.age(),
              hasPhone ? phone : is.phone()),
          role == null ? user.role() : role,
          active == null ? user.active() : active,
          now);
    }

    /** Whether it may take an active admin away. */
    boolean mayEndAdmin() {
      return role != null && role != Role.ADMIN || active != null && !active;
    }

    /** Without what is personal. */
    @Override
    public String toString() {
      return "change of a user";
    }
  }

  /**
   * Changes a user, in force on every process within a second. Who is no longer active, or has
   * another password, is signed out everywhere. Empty = unknown.
   *
   * @throws InvalidFieldException when a field is wrong, another user has the address, or the
   *     password is the caller's own
   * @throws LastAdminException when a user takes the last active admin away
   */
  public Optional<User> change(Caller caller, String id, Change change) {
    Password password = change.password();
    if (password != null && id.equals(caller.userId())) {
      throw new InvalidFieldException(
          "password", "cannot be your own here; /v1/users/me/password asks for the one before");
    }
    Optional<User> known = find(caller, id);
    if (known.isEmpty()) {
      return known;
    }
    Instant now = now();
    String hash = password == null ? null : hash(password, change.applied(known.get(), now));
    UnaryOperator<User> applied =
        user -> {
          User after = change.applied(user, now);
          return hash == null ? after : after.withPassword(hash, now);
        };
    // A key that calls is an admin that stays.
    boolean keeps = caller.userId() != null && change.mayEndAdmin();
    Optional<User> changed =
        keeps ? users.changeKeepingAdmin(id, applied) : users.change(id, applied);
    changed.ifPresent(user -> log(what(change), user, caller));
    return changed;
  }

  private static String what(Change change) {
    return Boolean.FALSE.equals(change.active())
        ? "deactivated"
        : change.password() == null ? "changed" : "password_set";
  }

  private String hash(Password password, User of) {
    password.requireGood("password", of.profile());
    return passwords.hash(password);
  }

  /** Users and their sign-ins in figures. */
  public record Stats(List<Users.Count> counts, List<Users.LoginDay> logins) {}

  /** How many users there are, and how often they signed in on each of the last so many days. */
  public Stats stats(Caller caller, int days) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return new Stats(users.counts(), users.logins(today.minusDays(days - 1L)));
  }

  private static void log(String what, User user, Caller caller) {
    LOG.log(
        Level.INFO,
        () ->
            "event=user_%s user=%s role=%s by=%s from=%s"
                .formatted(what, user.id(), user.role(), caller.id(), caller.address()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
