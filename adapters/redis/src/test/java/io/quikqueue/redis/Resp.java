package io.quikqueue.redis;

import io.quikqueue.redis.LyingRedis.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Redis's replies as they are sent, right and wrong. */
final class Resp {

  private static final List<String> ODD =
      List.of(
          "$-1\r\n",
          "*-1\r\n",
          "*0\r\n",
          "$0\r\n\r\n",
          ":0\r\n",
          ":-9223372036854775808\r\n",
          ":9223372036854775807\r\n",
          "+OK\r\n",
          "+\r\n",
          "*1\r\n*1\r\n*0\r\n",
          "-ERR no\r\n",
          "-\r\n",
          "-NOSCRIPT No matching script\r\n",
          "-LOADING Redis is loading the dataset in memory\r\n",
          "-BUSY Redis is busy running a script\r\n",
          "-OOM command not allowed when used memory > 'maxmemory'\r\n",
          "-READONLY You can't write against a read only replica\r\n",
          "-MOVED 1 127.0.0.1:1\r\n",
          "-MOVED\r\n",
          "-ASK x y\r\n",
          "-CLUSTERDOWN\r\n",
          "-NOAUTH Authentication required\r\n",
          "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");

  /** Which no Redis would send. */
  private static final List<String> BROKEN =
      List.of(
          "",
          "\r\n",
          "HTTP/1.1 400 Bad Request\r\n\r\n",
          ":\r\n",
          ":abc\r\n",
          ":99999999999999999999\r\n",
          "$abc\r\n",
          "$-7\r\n",
          "$5\r\nab",
          "*-7\r\n",
          "*3\r\n:1\r\n",
          "*1\r\n?1\r\n",
          "*2\r\n-ERR within\r\n:1\r\n",
          "\u0000\u0000\u0000",
          "%1\r\n+a\r\n:1\r\n",
          "_\r\n",
          ",1.5\r\n",
          "#t\r\n",
          "(99999999999999999999\r\n",
          ">2\r\n+message\r\n+x\r\n");

  /** Of which the end is still to be read when it has become clear that they are broken. */
  private static final List<String> LONGER = List.of("*2\r\n$-7\r\n:7\r\n", "*2\r\n*-7\r\n+OK\r\n");

  private Resp() {}

  /** A number, a text ({@code byte[]} or {@code String}), a list of these, or null. */
  static byte[] of(Object value) {
    return switch (value) {
      case null -> ascii("$-1\r\n");
      case Long number -> ascii(":" + number + "\r\n");
      case String text -> of(text.getBytes(StandardCharsets.UTF_8));
      case byte[] text -> joined(ascii("$" + text.length + "\r\n"), text, ascii("\r\n"));
      case List<?> list -> {
        byte[] all = ascii("*" + list.size() + "\r\n");
        for (Object part : list) {
          all = joined(all, part instanceof Raw raw ? raw.bytes() : of(part));
        }
        yield all;
      }
      default -> throw new IllegalArgumentException(value.getClass().toString());
    };
  }

  /** Bytes in the place of a value. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Raw(byte[] bytes) {}

  /** The right reply with something wrong; the connection ends where it would not go on. */
  static Answer mutated(List<Object> right, Random random) {
    byte[] whole = of(right);
    return switch (random.nextInt(12)) {
      case 0 -> new Answer(pick(ODD, random), false);
      case 1 -> new Answer(pick(BROKEN, random), true);
      case 2 -> new Answer(pick(LONGER, random), false);
      case 3 -> new Answer(Arrays.copyOf(whole, random.nextInt(whole.length)), true);
      default -> new Answer(of(changed(right, random)), false);
    };
  }

  private static byte[] pick(List<String> replies, Random random) {
    return ascii(replies.get(random.nextInt(replies.size())));
  }

  private static List<Object> changed(List<Object> right, Random random) {
    List<Object> changed = new ArrayList<>(right);
    for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
      int at = changed.isEmpty() ? 0 : random.nextInt(changed.size());
      switch (changed.isEmpty() ? 0 : random.nextInt(6)) {
        case 0 -> changed.add(at, new Raw(pick(ODD, random)));
        case 1 -> changed.remove(at);
        case 2 -> changed.add(changed.get(at));
        case 3 -> changed.set(at, new Raw(pick(ODD, random)));
        case 4 -> changed.set(at, garbled(changed.get(at), random));
        default -> changed.set(at, random.nextLong());
      }
    }
    return changed;
  }

  private static Object garbled(Object value, Random random) {
    if (!(value instanceof byte[] bytes) || bytes.length == 0) {
      return "text";
    }
    byte[] garbled = bytes.clone();
    garbled[random.nextInt(garbled.length)] ^= (byte) (1 << random.nextInt(8));
    return random.nextBoolean() ? garbled : Arrays.copyOf(garbled, garbled.length / 2);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
