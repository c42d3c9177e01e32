package io.quikqueue.domain.job;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes as networks, disks and bugs do. */
final class Garbler {

  private static final int BIG = 500;

  private Garbler() {}

  /** Mostly in the first bytes, where the fields and their lengths are. */
  static byte[] garbled(byte[] bytes, byte[] other, Random random) {
    if (bytes.length == 0) {
      return other;
    }
    byte[] changed = bytes.clone();
    int range = random.nextInt(3) > 0 ? Math.min(bytes.length, 150) : bytes.length;
    int at = random.nextInt(range);
    switch (random.nextInt(7)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(changed, at, Math.min(at + 4, changed.length), (byte) 0x7F);
      case 3 -> Arrays.fill(changed, at, Math.min(at + 8, changed.length), (byte) 0xFF);
      case 4 -> Arrays.fill(changed, at, Math.min(at + 8, changed.length), (byte) 0);
      case 5 -> {
        return joined(bytes, at, bytes, Math.max(0, at - 5 + random.nextInt(11)));
      }
      default -> {
        return joined(bytes, at, other, random.nextInt(Math.min(other.length, BIG) + 1));
      }
    }
    return changed;
  }

  /** The first of the one and the last of the other. */
  private static byte[] joined(byte[] first, int to, byte[] last, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first, 0, to);
    out.write(last, Math.min(from, last.length), Math.max(0, last.length - from));
    return out.toByteArray();
  }
}
