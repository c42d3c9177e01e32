package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.ManageKeys;
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
  private static final String OPEN = "open";
  private static final Set<String> MODES = Set.of(OPEN, "keys");
  private static final Duration WRITES_APART = Duration.ofMinutes(1);
  private static final int FEWEST_CHARS = 32;
  private static final int MOST_CHARS = 200;

  private String mode = OPEN;
  private String adminKeyFile = "";
  private @Nullable String adminKey;

  /** {@code open}: everybody may do everything; {@code keys}: whoever sends a key, what it may. */
  @JsonProperty("mode")
  void setMode(String mode) {
    this.mode = mode.strip().toLowerCase(Locale.ROOT);
    if (!MODES.contains(this.mode)) {
      throw new IllegalArgumentException("must be open or keys");
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

  /** What tells callers by their keys and tokens; null = access is open. */
  public @Nullable Authenticate authenticate(
      ApiKeys keys, InstantSource clock, Meter meter, UserCases users) {
    return mode.equals(OPEN)
        ? null
        : new Authenticate(keys, clock, System::nanoTime, adminKey, meter, users.callers());
  }

  /** Says who may call, and has it written now and then when keys were used last. */
  public static void join(
      Environment environment, @Nullable Authenticate authenticate, UserCases users) {
    LOG.info("event=access mode={}", authenticate == null ? "open" : "keys");
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
          .manage(
              new Loop(
                  "write-key-uses",
                  () -> {
                    authenticate.writeUses();
                    return WRITES_APART;
                  }));
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
