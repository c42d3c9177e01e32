package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheck;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that payloads, results and logs are encrypted with: AES-256-GCM, with a nonce of 96
 * random bits, and the job's id and the field's name as associated data. The first key of the file
 * encrypts, all of them decrypt.
 */
public final class KeyRing implements FieldCipher {

  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  /** What a key looks like that stands where the name of its file should. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=");

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int MOST_KEYS = 100;
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_UNKNOWN = 10;

  /** No byte of a text in UTF-8. */
  private static final byte LINE_MARK = (byte) 0xFF;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, SecretKeySpec> keys;
  private final @Nullable String first;

  /** Ids of keys that something could not be opened with. */
  private final Set<String> unusable = new ConcurrentSkipListSet<>();

  private KeyRing(Map<String, SecretKeySpec> keys) {
    this.keys = Map.copyOf(keys);
    this.first = keys.isEmpty() ? null : keys.keySet().iterator().next();
  }

  /** Without keys: nothing is encrypted, and what is encrypted stays closed. */
  public static KeyRing empty() {
    return new KeyRing(Map.of());
  }

  /**
   * Reads a file of 1 to 100 keys, one a line: an id of up to 32 letters, digits, {@code _} and
   * {@code -}, a space, and 32 bytes in base64. Blank lines and those that begin with {@code #} are
   * left out.
   *
   * @throws IllegalArgumentException saying what is wrong, and in which line, but not what it has
   */
  static KeyRing read(Path file) {
    if (KEY.matcher(file.toString()).find()) {
      throw new IllegalArgumentException("must name a file with keys, and seems to be a key");
    }
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(file + " is too long for a file of keys");
      }
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read "
              + file
              + (e instanceof NoSuchFileException
                  ? ": there is no such file"
                  : " (" + e.getClass().getSimpleName() + ")"));
    }
    Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(line, "line " + (i + 1) + " of " + file, keys);
      }
    }
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d keys, and has %d".formatted(file, MOST_KEYS, keys.size()));
    }
    return new KeyRing(keys);
  }

  private static void add(String line, String where, Map<String, SecretKeySpec> keys) {
    String[] parts = line.split("\\s+", -1);
    byte[] key = parts.length == 2 ? decoded(parts[1]) : null;
    if (key == null || key.length != KEY_BYTES || !ID.matcher(parts[0]).matches()) {
      throw new IllegalArgumentException(
          where + " must be an id of up to 32 of A-Z a-z 0-9 _ -, a space, and 32 bytes in base64");
    }
    if (keys.put(parts[0], new SecretKeySpec(key, "AES")) != null) {
      throw new IllegalArgumentException(where + " has an id for a second time");
    }
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null; // its message has a part of the key
    }
  }

  @Override
  public String seal(JobId job, Field field, String text) {
    if (first == null || SealedText.isSealed(text)) {
      return text;
    }
    byte[] sealed = encrypted(first, job, field, text.getBytes(StandardCharsets.UTF_8));
    return SealedText.of(first, Base64.getEncoder().withoutPadding().encodeToString(sealed));
  }

  @Override
  public String open(JobId job, Field field, String stored) {
    if (!SealedText.isSealed(stored)) {
      return stored;
    }
    byte[] sealed = decoded(SealedText.base64(stored));
    byte[] text = sealed == null ? null : decrypted(SealedText.keyId(stored), job, field, sealed);
    return text == null ? stored : new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public byte[] sealLine(JobId job, byte[] line) {
    if (first == null) {
      return line;
    }
    byte[] sealed = encrypted(first, job, Field.LOG, line);
    byte[] id = (first + ':').getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + id.length + sealed.length)
        .put(LINE_MARK)
        .put(id)
        .put(sealed)
        .array();
  }

  @Override
  public byte[] openLine(JobId job, byte[] stored) {
    if (stored.length == 0 || stored[0] != LINE_MARK) {
      return stored;
    }
    int end = 1;
    while (end < stored.length && stored[end] != ':') {
      end++;
    }
    String id = new String(stored, 1, end - 1, StandardCharsets.US_ASCII);
    byte[] sealed = Arrays.copyOfRange(stored, Math.min(end + 1, stored.length), stored.length);
    byte[] line = decrypted(id, job, Field.LOG, sealed);
    return line == null ? closed(id).getBytes(StandardCharsets.UTF_8) : line;
  }

  private static String closed(String keyId) {
    return "[ENCRYPTED: the key " + Printable.of(keyId) + " is unusable here]";
  }

  private byte[] encrypted(String id, JobId job, Field field, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, id, nonce, 0, job, field);
      byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.length));
      cipher.doFinal(plain, 0, plain.length, out, NONCE_BYTES);
      return out;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it, and it takes any key
    }
  }

  private byte @Nullable [] decrypted(String id, JobId job, Field field, byte[] sealed) {
    try {
      if (keys.containsKey(id) && sealed.length >= NONCE_BYTES) {
        return cipher(Cipher.DECRYPT_MODE, id, sealed, 0, job, field)
            .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      }
    } catch (GeneralSecurityException e) {
      // another key of this name, or another job's value
    }
    if (unusable.size() < MOST_UNKNOWN && unusable.add(id)) {
      log.error(
          "event=key_unusable key={} job_id={} field={} known={}",
          Printable.of(id),
          job,
          field,
          keys.containsKey(id));
    }
    return null;
  }

  private Cipher cipher(int mode, String id, byte[] nonce, int at, JobId job, Field field)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, keys.get(id), new GCMParameterSpec(TAG_BITS, nonce, at, NONCE_BYTES));
    cipher.updateAAD(field.name().getBytes(StandardCharsets.US_ASCII));
    cipher.updateAAD(job.bytes());
    return cipher;
  }

  /** Unhealthy once something was met that no key here opens. */
  public HealthCheck.Result health() {
    return unusable.isEmpty()
        ? HealthCheck.Result.healthy()
        : HealthCheck.Result.unhealthy(
            "jobs are encrypted with keys that are missing or not the same here: "
                + unusable.stream().map(Printable::of).toList());
  }

  @Override
  public String toString() {
    return "KeyRing" + keys.keySet();
  }
}
