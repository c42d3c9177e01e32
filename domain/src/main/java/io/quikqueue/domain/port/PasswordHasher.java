package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Password;

/** Hashes passwords slowly, each with a salt of its own; the text of a hash says how. */
public interface PasswordHasher {

  /** The hash of a password, in the way that is used now. */
  String hash(Password password);

  /** Whether a hash is of this password; false also when it is no hash. */
  boolean matches(Password password, String hash);

  /** Whether a hash was made in the way that is used now. */
  boolean isCurrent(String hash);

  /** Whether a hash is one that {@link #matches} can tell, at a cost that is bounded. */
  boolean isUsable(String hash);

  /** What takes as long to match as a current hash, and is of no password. */
  String decoy();
}
