package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.ManageKeys;
import io.quikqueue.domain.usecase.user.ManageUsers;
import io.quikqueue.domain.usecase.user.UserCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may call the API. */
public final class AccessConfig {

  private static final Logger LOG = LoggerFactory.getLogger(AccessConfig.class);
  private static final String LOCAL = "local";
  private static final String KEYS = "keys";
  private static final Set<String> MODES = Set.of(LOCAL, "open", KEYS);
  private static final Duration WRITES_APART = Duration.ofMinutes(1);
  private static final int FEWEST_CHARS = 32;
  private static final int MOST_CHARS = 200;

  private String mode = LOCAL;
  private String adminKeyFile = "";
  private @Nullable String adminKey;

  /**
   * {@code local}: everybody may do everything, and the API listens on loopback only; {@code open}:
   * the same wherever it listens; {@code keys}: whoever sends a key, what it may.
   */
  @JsonProperty("mode")
  void setMode(String mode) {
    this.mode = mode.strip().toLowerCase(Locale.ROOT);
    if (!MODES.contains(this.mode)) {
      throw new IllegalArgumentException("must be local, open or keys");
    }
  }

  /**
   * A file with a key that may do everything, from which the others can be made; empty = none.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  @JsonProperty("adminKeyFile")
  void setAdminKeyFile(String file) {
    this.adminKeyFile = file.strip();
    this.adminKey = adminKeyFile.isEmpty() ? null : read(Path.of(adminKeyFile));
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > 2L * MOST_CHARS) {
        throw new IllegalArgumentException("the file of the admin's key is too large for a key");
      }
      String key = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      boolean fits =
          key.length() >= FEWEST_CHARS
              && key.length() <= MOST_CHARS
              && key.chars().allMatch(c -> c > ' ' && c < 0x7F);
      if (!fits) {
        throw new IllegalArgumentException(
            "the file of the admin's key must hold %d to %d printable ASCII characters without blanks"
                .formatted(FEWEST_CHARS, MOST_CHARS));
      }
      return key;
    } catch (IOException e) {
      // the path may be the key itself, by mistake
      throw new IllegalArgumentException(
          "the file of the admin's key cannot be read; it must be the path of a file", e);
    }
  }

  /**
   * Refuses to let others than those on this machine do everything when nobody said so.
   *
   * @throws SetupException with what to add
   */
  void requireSafe(ServerFactory server) {
    String host = mode.equals(LOCAL) ? Ports.beyondLoopback(server) : null;
    if (host != null) {
      throw new SetupException(
          "the API would listen on %s, where other machines reach it, and nobody would be asked for a key; set QQ_ACCESS=keys and QQ_ADMIN_KEY_FILE=FILE (docs/access.md), or QQ_ACCESS=open if everybody who reaches it may do everything"
              .formatted(Printable.of(host)));
    }
  }

  /** What tells callers by their keys and tokens; null = access is open. */
  public @Nullable Authenticate authenticate(
      ApiKeys keys, InstantSource clock, Meter meter, UserCases users) {
    return !mode.equals(KEYS)
        ? null
        : new Authenticate(keys, clock, System::nanoTime, adminKey, meter, users.callers());
  }

  /** Says who may call, and has it written now and then when keys were used last. */
  public void join(
      Environment environment,
      @Nullable Authenticate authenticate,
      ManageKeys keys,
      UserCases users) {
    LOG.info("event=access mode={}", mode);
    environment
        .lifecycle()
        .manage(
            new Loop(
                "users",
                () -> {
                  if (authenticate != null) { // else tokens open nothing
                    users.keyring().renew();
                  }
                  users.signIn().prune();
                  return WRITES_APART;
                }));
    if (authenticate != null) {
      environment
          .lifecycle()
          .addServerLifecycleListener(_ -> tellWhenNobodyMayCall(keys, users.manage()));
      environment
          .lifecycle()
          .manage(
              new Loop(
                  "write-key-uses",
                  () -> {
                    authenticate.writeUses();
                    return WRITES_APART;
                  }));
    }
  }

  private void tellWhenNobodyMayCall(ManageKeys keys, ManageUsers users) {
    try {
      if (adminKey == null && keys.hasNone() && users.hasNone()) {
        LOG.warn(
            "event=nobody_may_call reason=\"there is no key and no user; set QQ_ADMIN_KEY_FILE to"
                + " a file with a key, and make others with it (docs/access.md)\"");
      }
    } catch (UnavailableException e) {
      LOG.debug("event=keys_not_counted", e);
    }
  }

  /** What manages the keys. */
  public static ManageKeys manage(ApiKeys keys, InstantSource clock) {
    SecureRandom random = new SecureRandom();
    return new ManageKeys(
        keys,
        clock,
        () -> {
          byte[] bytes = new byte[KeyText.BYTES];
          random.nextBytes(bytes);
          return bytes;
        });
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "AccessConfig[mode=" + mode + ", adminKeyFile=" + adminKeyFile + "]";
  }
}
