package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.port.FieldCipher;
import java.nio.file.Path;

/** How payloads, results and logs are encrypted where they are stored. */
public final class EncryptionConfig {

  private String keyFile = "";
  private KeyRing keys = KeyRing.empty();

  /**
   * A file of keys, see {@link KeyRing}; empty = nothing is encrypted.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  @JsonProperty("keyFile")
  void setKeyFile(String keyFile) {
    this.keyFile = keyFile.strip();
    this.keys = this.keyFile.isEmpty() ? KeyRing.empty() : KeyRing.read(Path.of(this.keyFile));
  }

  public FieldCipher cipher() {
    return keys;
  }

  /** Adds a check that is unhealthy once something was met that no key opens. */
  public void join(Environment environment) {
    environment.healthChecks().register("encryption", new TimedHealthCheck(keys::health));
  }

  @Override
  public String toString() {
    return "EncryptionConfig[keyFile=" + keyFile + "]";
  }
}
