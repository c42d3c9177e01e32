package io.quikqueue.contracts;

import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.LoginGuard;
import io.quikqueue.domain.port.Sessions;
import io.quikqueue.domain.port.TokenKeys;
import io.quikqueue.domain.port.Users;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Users and who is signed in, in plain collections, for tests. */
public final class InMemoryAccounts {

  private final TreeMap<String, User> users = new TreeMap<>();
  private final TreeMap<String, Session> sessions = new TreeMap<>();
  private final TreeMap<String, LoginFailures> failures = new TreeMap<>();
  private final TreeMap<LocalDate, Long> logins = new TreeMap<>();
  private final TreeMap<String, TokenKey> keys = new TreeMap<>();

  public Accounts ports() {
    return new Accounts(new OfUsers(), new OfSessions(), new OfFailures(), new OfKeys());
  }

  private void requireFree(User user) {
    if (users.values().stream()
        .anyMatch(
            each ->
                each.profile().email().equals(user.profile().email())
                    && !each.id().equals(user.id()))) {
      throw new InvalidFieldException("email", "is the address of another user");
    }
  }

  private void endSessions(String userId) {
    sessions.values().removeIf(each -> each.userId().equals(userId));
  }

  private final class OfUsers implements Users {

    @Override
    public void create(User user) {
      synchronized (users) {
        requireFree(user);
        users.putIfAbsent(user.id(), user);
      }
    }

    @Override
    public Optional<User> find(String id) {
      synchronized (users) {
        return Optional.ofNullable(users.get(id));
      }
    }

    @Override
    public Optional<User> findByEmail(String email) {
      synchronized (users) {
        return users.values().stream()
            .filter(each -> each.profile().email().equals(email))
            .findFirst();
      }
    }

    @Override
    public List<User> list(Query query) {
      synchronized (users) {
        return users.values().stream()
            .filter(each -> query.after() == null || each.id().compareTo(query.after()) > 0)
            .filter(each -> query.role() == null || each.role() == query.role())
            .filter(each -> query.active() == null || each.active() == query.active())
            .limit(query.limit())
            .toList();
      }
    }

    @Override
    public Optional<User> change(String id, UnaryOperator<User> change) {
      synchronized (users) {
        User before = users.get(id);
        if (before == null) {
          return Optional.empty();
        }
        User after = change.apply(before);
        requireFree(after);
        users.put(id, after);
        if (before.endsSessionsAs(after)) {
          endSessions(id);
        }
        return Optional.of(after);
      }
    }

    @Override
    public Optional<User> changeKeepingAdmin(String id, UnaryOperator<User> change) {
      return change(
          id,
          before -> {
            User after = change.apply(before);
            if (before.isActiveAdmin()
                && !after.isActiveAdmin()
                && users.values().stream().filter(User::isActiveAdmin).count() == 1) {
              throw new LastAdminException();
            }
            return after;
          });
    }

    @Override
    public List<Count> counts() {
      synchronized (users) {
        List<Count> counts = new ArrayList<>();
        for (Role role : Role.values()) {
          for (boolean active : new boolean[] {false, true}) {
            long found =
                users.values().stream()
                    .filter(each -> each.role() == role && each.active() == active)
                    .count();
            if (found > 0) {
              counts.add(new Count(role, active, found));
            }
          }
        }
        return counts;
      }
    }

    @Override
    public List<LoginDay> logins(LocalDate from) {
      synchronized (users) {
        return logins.tailMap(from, true).entrySet().stream()
            .map(each -> new LoginDay(each.getKey(), each.getValue()))
            .toList();
      }
    }
  }

  private final class OfSessions implements Sessions {

    @Override
    public boolean begin(Session session) {
      synchronized (users) {
        User user = users.get(session.userId());
        if (user == null || !user.active() || !user.passwordAt().equals(session.passwordAt())) {
          return false;
        }
        if (!sessions.containsKey(session.id())) {
          sessions.values().stream()
              .filter(each -> each.userId().equals(user.id()))
              .sorted(
                  Comparator.comparing(Session::createdAt).reversed().thenComparing(Session::id))
              .skip(MOST - 1L)
              .toList()
              .forEach(each -> sessions.remove(each.id()));
          sessions.put(session.id(), session);
          users.put(user.id(), user.loggedIn(session.createdAt()));
          logins.merge(LocalDate.ofInstant(session.createdAt(), ZoneOffset.UTC), 1L, Long::sum);
        }
        return true;
      }
    }

    @Override
    public Optional<SignedIn> find(String id) {
      synchronized (users) {
        Session session = sessions.get(id);
        User user = session == null ? null : users.get(session.userId());
        return session == null || user == null
            ? Optional.empty()
            : Optional.of(new SignedIn(session, user));
      }
    }

    @Override
    public Optional<Session> change(String id, Function<Session, @Nullable Session> change) {
      synchronized (users) {
        Session before = sessions.get(id);
        if (before == null) {
          return Optional.empty();
        }
        Session after = change.apply(before);
        if (after == null) {
          sessions.remove(id);
        } else {
          sessions.put(id, after);
        }
        return Optional.ofNullable(after);
      }
    }

    @Override
    public void endAll(String userId) {
      synchronized (users) {
        endSessions(userId);
      }
    }

    @Override
    public int prune(Instant now, int limit) {
      synchronized (users) {
        List<Session> expired =
            sessions.values().stream().filter(each -> !each.isLive(now)).limit(limit).toList();
        expired.forEach(each -> sessions.remove(each.id()));
        return expired.size();
      }
    }
  }

  private final class OfFailures implements LoginGuard {

    @Override
    public LoginFailures change(String id, UnaryOperator<LoginFailures> change) {
      synchronized (failures) {
        LoginFailures after = change.apply(failures.getOrDefault(id, LoginFailures.NONE));
        if (after.equals(LoginFailures.NONE)) {
          failures.remove(id);
        } else {
          failures.put(id, after);
        }
        return after;
      }
    }

    @Override
    public int prune(Instant before, int limit) {
      synchronized (failures) {
        List<String> old =
            failures.entrySet().stream()
                .filter(each -> each.getValue().lastAt().isBefore(before))
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
        old.forEach(failures::remove);
        return old.size();
      }
    }
  }

  private final class OfKeys implements TokenKeys {

    @Override
    public void publish(TokenKey key) {
      synchronized (keys) {
        keys.values().removeIf(each -> !each.expiresAt().isAfter(key.createdAt()));
        keys.putIfAbsent(key.id(), key);
      }
    }

    @Override
    public List<TokenKey> list(Instant now) {
      synchronized (keys) {
        return keys.values().stream().filter(each -> each.expiresAt().isAfter(now)).toList();
      }
    }
  }
}
