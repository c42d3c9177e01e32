package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.PasswordHasher;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords, a few at a time: it takes much time and memory, which sign-ins are not to take
 * from all else. A few more wait for their turn; the others get an {@link OverloadedException}.
 */
public final class PasswordChecks {

  private static final int WAITING_EACH = 8;

  private final PasswordHasher hasher;
  private final Semaphore turns;
  private final Semaphore places;
  private final Duration patience;

  /**
   * @param most how many are hashed at once
   * @param patience how long one waits for its turn
   */
  public PasswordChecks(PasswordHasher hasher, int most, Duration patience) {
    this.hasher = hasher;
    this.turns = new Semaphore(most, true);
    this.places = new Semaphore(most * (1 + WAITING_EACH));
    this.patience = patience;
  }

  String hash(Password password) {
    return inTurn(() -> hasher.hash(password));
  }

  /**
   * Whether a hash is of this password; to be called {@link #inTurn}.
   *
   * @param hash null = there is none: it takes as long, and is not
   */
  boolean matches(Password password, @Nullable String hash) {
    boolean matches = hasher.matches(password, hash == null ? hasher.decoy() : hash);
    return matches && hash != null;
  }

  boolean isCurrent(String hash) {
    return hasher.isCurrent(hash);
  }

  boolean isUsable(String hash) {
    return hasher.isUsable(hash);
  }

  /** Does work that hashes, when its turn has come; nobody has two turns. */
  <T> T inTurn(Supplier<T> work) {
    if (!places.tryAcquire()) {
      throw new OverloadedException();
    }
    try {
      if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OverloadedException();
      }
      try {
        return work.get();
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException();
    } finally {
      places.release();
    }
  }
}
