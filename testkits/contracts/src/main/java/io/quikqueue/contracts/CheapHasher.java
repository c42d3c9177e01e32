package io.quikqueue.contracts;

import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.port.PasswordHasher;
import java.util.concurrent.atomic.AtomicInteger;

/** Hashes passwords at once, for tests; those that begin with {@code $old$} are of an older way. */
public final class CheapHasher implements PasswordHasher {

  private static final String NOW = "$now$";
  private static final String OLD = "$old$";

  /** How often a password was compared. */
  public final AtomicInteger compared = new AtomicInteger();

  /** A hash in the older way. */
  public static String old(String password) {
    return OLD + KeyText.hash(password);
  }

  @Override
  public String hash(Password password) {
    return NOW + KeyText.hash(password.text());
  }

  @Override
  public boolean matches(Password password, String hash) {
    compared.incrementAndGet();
    return hash.equals(hash(password)) || hash.equals(old(password.text()));
  }

  @Override
  public boolean isCurrent(String hash) {
    return hash.startsWith(NOW);
  }

  @Override
  public boolean isUsable(String hash) {
    return hash.startsWith(NOW) || hash.startsWith(OLD);
  }

  @Override
  public String decoy() {
    return NOW;
  }
}
