package io.quikqueue.rest;

import io.quikqueue.contracts.CheapHasher;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.Supplier;

/** Users whose passwords are hashed at once. */
final class TestUsers {

  private TestUsers() {}

  static UserCases cases(Accounts accounts, InstantSource clock) {
    Random random = new Random(35);
    Supplier<byte[]> bytes =
        () -> {
          byte[] made = new byte[RefreshToken.BYTES];
          random.nextBytes(made);
          return made;
        };
    PasswordChecks passwords = new PasswordChecks(new CheapHasher(), 2, Duration.ofSeconds(30));
    TokenKeyring keyring =
        new TokenKeyring(accounts.tokenKeys(), clock, System::nanoTime, TestUsers::pair);
    return new UserCases(
        new ManageUsers(accounts.users(), passwords, clock, bytes),
        new SignIn(accounts, passwords, keyring, clock, bytes, Meter.NONE),
        keyring,
        new TokenCallers(keyring, accounts.sessions(), clock, System::nanoTime));
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance(TokenKey.ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
