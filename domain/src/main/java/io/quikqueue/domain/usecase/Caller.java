package io.quikqueue.domain.usecase;

import java.util.Set;

/**
 * Who asks for something.
 *
 * @param id names an account; {@link #ANONYMOUS} while nobody has to have one
 * @param roles what the caller may do
 * @param scopes patterns of the queues that the caller may do it with
 * @param address where the caller calls from: an IPv4 address, or the network of 64 bits of an IPv6
 *     address, within which a caller can choose freely
 */
public record Caller(String id, Set<Role> roles, Set<String> scopes, String address) {

  public static final String ANONYMOUS = "anonymous";

  private static final Set<Role> ALL_ROLES = Set.of(Role.values());
  private static final Set<String> ALL_QUEUES = Set.of("*");

  /** What a caller may do. */
  public enum Role {
    VIEWER,
    SUBMITTER,
    OPERATOR,
    ADMIN
  }

  public Caller {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /** Somebody at this address, who may do everything. */
  public static Caller anonymous(String address) {
    return new Caller(ANONYMOUS, ALL_ROLES, ALL_QUEUES, address);
  }
}
