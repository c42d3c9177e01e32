package io.quikqueue.domain.usecase;

import io.quikqueue.domain.access.Allowance;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.port.IdempotencyKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for something.
 *
 * @param id names an account; {@link #ANONYMOUS} while nobody has to have one
 * @param roles what the caller may do
 * @param scope the jobs that the caller may do it with, and that exist for the caller
 * @param address where the caller calls from: an IPv4 address, or the network of 64 bits of an IPv6
 *     address, within which a caller can choose freely
 * @param allowance what is left of the jobs that the caller may make
 */
public record Caller(String id, Set<Role> roles, Scope scope, String address, Allowance allowance) {

  public static final String ANONYMOUS = "anonymous";

  private static final String USER = "user:";
  private static final Set<Role> ALL_ROLES = Set.of(Role.values());

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** A caller without a quota. */
  public Caller(String id, Set<Role> roles, Scope scope, String address) {
    this(id, roles, scope, address, Allowance.ANY);
  }

  /** Somebody at this address, who may do everything. */
  public static Caller anonymous(String address) {
    return new Caller(ANONYMOUS, ALL_ROLES, Scope.ALL, address);
  }

  /** Somebody at this address who may do nothing but what everybody may. */
  public static Caller nobody(String address) {
    return new Caller(ANONYMOUS, Set.of(), Scope.NONE, address);
  }

  /** Who has an account, and may do this with all jobs. */
  public static Caller known(String id, Role role, String address) {
    return known(id, role, Scope.ALL, address);
  }

  /** Who has an account, and may do this with these jobs. */
  public static Caller known(String id, Role role, Scope scope, String address) {
    return new Caller(id, role.included(), scope, address);
  }

  /** The same caller, who makes no more jobs than this. */
  public Caller within(Allowance allowed) {
    return allowed == allowance ? this : new Caller(id, roles, scope, address, allowed);
  }

  /** A user who has signed in. */
  public static Caller user(String userId, Role role, String address) {
    return known(idOfUser(userId), role, address);
  }

  /** What a user who has signed in is called. */
  public static String idOfUser(String userId) {
    return USER + userId;
  }

  /** The id of the user who calls; null = it is somebody else. */
  public @Nullable String userId() {
    return id.startsWith(USER) ? id.substring(USER.length()) : null;
  }

  /**
   * Whose requests share the bounds of one caller: those of an account, from wherever they come,
   * and those without one that come from one address.
   */
  public String countedAs() {
    return isAnonymous() ? address : id;
  }

  /** A key that a caller sent, which is apart from the same of other accounts; null = none. */
  public @Nullable IdempotencyKey own(@Nullable IdempotencyKey key) {
    return key == null || isAnonymous() ? key : key.ownedBy(id);
  }

  public boolean may(Role role) {
    return roles.contains(role);
  }

  /** Whether nobody is known to call. */
  public boolean isAnonymous() {
    return id.equals(ANONYMOUS);
  }
}
