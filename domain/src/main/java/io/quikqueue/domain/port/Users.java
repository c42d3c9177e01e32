package io.quikqueue.domain.port;

import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.job.InvalidFieldException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The users. All methods throw {@link UnavailableException} when the store cannot be reached. */
public interface Users {

  /**
   * Which users are asked for.
   *
   * @param role null = of all
   * @param active null = whether or not
   * @param after those behind this id; null = from the first
   */
  record Query(@Nullable Role role, @Nullable Boolean active, @Nullable String after, int limit) {}

  /** How many users there are of a role, active or not. */
  record Count(Role role, boolean active, long users) {}

  /** How often users signed in on a day, in UTC. */
  record LoginDay(LocalDate day, long logins) {}

  /**
   * Stores a new user. One that is stored already, by a call whose answer was lost, stays.
   *
   * @throws InvalidFieldException when another user has the address
   */
  void create(User user);

  Optional<User> find(String id);

  /** The user with this address, in its one form. */
  Optional<User> findByEmail(String email);

  /** Users in the order of their ids. */
  List<User> list(Query query);

  /**
   * Changes a user as a whole: changes of one user come one after another. What {@link
   * User#endsSessionsAs} says ends their sessions in the same transaction. Empty = unknown.
   *
   * @throws InvalidFieldException when another user has the address
   */
  Optional<User> change(String id, UnaryOperator<User> change);

  /**
   * As {@link #change}, but the last active admin stays one, also when several are changed so at
   * once.
   *
   * @throws LastAdminException when there would be none
   */
  Optional<User> changeKeepingAdmin(String id, UnaryOperator<User> change);

  /** How many there are, by role and whether they are active. */
  List<Count> counts();

  /** Sign-ins a day, from this day on, in the order of days; days without any are left out. */
  List<LoginDay> logins(LocalDate from);
}
