package io.quikqueue.runtime;

import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.user.ManageUsers;
import io.quikqueue.domain.usecase.user.PasswordChecks;
import io.quikqueue.domain.usecase.user.SignIn;
import io.quikqueue.domain.usecase.user.TokenCallers;
import io.quikqueue.domain.usecase.user.TokenKeyring;
import io.quikqueue.domain.usecase.user.UserCases;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** Wires what users sign in with. */
public final class UserAccess {

  /** How long a sign-in waits for its turn to be hashed. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private UserAccess() {}

  /**
   * What the API calls for users. A quarter of the processors hashes passwords, one at least.
   *
   * @param clock the store's clock
   * @param meter counts who was not signed in
   */
  public static UserCases of(Accounts accounts, InstantSource clock, Meter meter) {
    SecureRandom random = new SecureRandom();
    int hashing = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    PasswordChecks passwords =
        new PasswordChecks(new Argon2Hasher(Argon2Hasher.Cost.USUAL), hashing, PATIENCE);
    TokenKeyring keyring =
        new TokenKeyring(accounts.tokenKeys(), clock, System::nanoTime, UserAccess::pair);
    return new UserCases(
        new ManageUsers(accounts.users(), passwords, clock, () -> bytes(random)),
        new SignIn(accounts, passwords, keyring, clock, () -> bytes(random), meter),
        keyring,
        new TokenCallers(keyring, accounts.sessions(), clock, System::nanoTime));
  }

  private static byte[] bytes(SecureRandom random) {
    byte[] bytes = new byte[RefreshToken.BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance(TokenKey.ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }
}
