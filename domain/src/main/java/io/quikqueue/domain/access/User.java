package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person who signs in with an address and a password.
 *
 * @param id 16 hex digits
 * @param age in years; null = not told
 * @param phone as E.164 has it; null = not told
 * @param active whether they may sign in, and their tokens count
 * @param passwordHash as {@link io.quikqueue.domain.port.PasswordHasher} makes it
 * @param by who created them
 * @param passwordAt when the password was set; sessions that began with another one have ended
 * @param loggedInAt when they signed in last; null = never
 */
public record User(
    String id,
    Profile profile,
    Role role,
    boolean active,
    String passwordHash,
    String by,
    Instant createdAt,
    Instant changedAt,
    Instant passwordAt,
    @Nullable Instant loggedInAt) {

  /**
   * What a user is like.
   *
   * @param name for people, 1 to 100 characters
   * @param email which no other user has; in lower case
   */
  public record Profile(String name, String email, @Nullable Integer age, @Nullable String phone) {

    private static final int OLDEST = 150;
    private static final int MOST_EMAIL = 254;
    private static final Pattern EMAIL =
        Pattern.compile("[^\\s@\\p{Cc}\\p{Cf}\\p{Cs}\"<>(),;:\\\\]{1,64}@[\\p{L}\\p{N}.-]{1,189}");
    private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");

    public Profile {
      ApiKey.requireName(name);
      email = normalized(email);
      if (!isEmail(email)) {
        throw new InvalidFieldException("email", "must be an address such as ann@example.com");
      }
      if (age != null && (age < 0 || age > OLDEST)) {
        throw new InvalidFieldException("age", "must be from 0 to " + OLDEST);
      }
      if (phone != null && !PHONE.matcher(phone).matches()) {
        throw new InvalidFieldException("phone", "must be + and 7 to 15 digits");
      }
    }

    /** The one form of an address. */
    public static String normalized(String email) {
      return email.toLowerCase(Locale.ROOT);
    }

    /** Whether somebody can have this address. */
    public static boolean isEmail(String email) {
      return email.length() <= MOST_EMAIL && EMAIL.matcher(email).matches();
    }

    /** Without what is personal. */
    @Override
    public String toString() {
      return "profile";
    }
  }

  /** A new user. */
  public static User created(
      String id, Profile profile, Role role, String passwordHash, Instant now, String by) {
    return new User(id, profile, role, true, passwordHash, by, now, now, now, null);
  }

  /** With another profile, another role, and active or not; as before when all is the same. */
  public User changed(Profile to, Role newRole, boolean isActive, Instant now) {
    boolean same = profile.equals(to) && role == newRole && active == isActive;
    return same
        ? this
        : new User(
            id, to, newRole, isActive, passwordHash, by, createdAt, now, passwordAt, loggedInAt);
  }

  /** With another password. */
  public User withPassword(String hash, Instant now) {
    return new User(id, profile, role, active, hash, by, createdAt, now, now, loggedInAt);
  }

  /** With another hash of the same password. */
  public User rehashed(String hash) {
    return new User(
        id, profile, role, active, hash, by, createdAt, changedAt, passwordAt, loggedInAt);
  }

  /** With the time of a sign-in. */
  public User loggedIn(Instant at) {
    return new User(
        id, profile, role, active, passwordHash, by, createdAt, changedAt, passwordAt, at);
  }

  /** Whether they may do everything. */
  public boolean isActiveAdmin() {
    return active && role == Role.ADMIN;
  }

  /** Whether what became of this user ends all sessions of theirs. */
  public boolean endsSessionsAs(User after) {
    return !after.active || !Objects.equals(passwordAt, after.passwordAt);
  }

  /** Without hash, name and address. */
  @Override
  public String toString() {
    return "user " + id + " (" + role + ")";
  }
}
