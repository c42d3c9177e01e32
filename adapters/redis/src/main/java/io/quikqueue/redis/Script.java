package io.quikqueue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The Lua scripts, one for each operation, in {@code resources/lua}. */
enum Script {
  PUSH,
  TAKE,
  EXTEND,
  ACK,
  RELEASE,
  RECLAIM_EXPIRED,
  DEPTH,
  UNKNOWN,
  PLACE,
  ASSUME_LEASED,
  LIMIT,
  MARK_REBUILT,
  USAGE,
  CLOSE,
  CLOSED,
  WINDOWS,
  PARKED,
  CLAIM,
  FILLED,
  DISCARD;

  private final byte[] source;
  private final byte[] sha;

  Script() {
    String name = name().toLowerCase(Locale.ROOT);
    byte[] prelude = read("prelude");
    this.source = join(asksForTokens() ? join(prelude, read("tokens")) : prelude, read(name));
    this.sha = sha1(source);
  }

  private boolean asksForTokens() {
    return name().equals("TAKE") || name().equals("USAGE");
  }

  byte[] source() {
    return source;
  }

  /** The name under which Redis caches the script. */
  byte[] sha() {
    return sha;
  }

  private static byte[] read(String name) {
    try (InputStream in = Script.class.getResourceAsStream("/lua/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("lua/" + name + ".lua is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] sha1(byte[] source) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
