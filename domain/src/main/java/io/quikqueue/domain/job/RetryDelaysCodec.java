package io.quikqueue.domain.job;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The binary form of delays: kind, jitter, count, and milliseconds of each. */
final class RetryDelaysCodec {

  private static final int FIXED = 1 + Double.BYTES + 1;

  private RetryDelaysCodec() {}

  static int size(RetryDelays delays) {
    return FIXED + delays.delays().size() * Long.BYTES;
  }

  static void write(RetryDelays delays, ByteBuffer out) {
    out.put((byte) delays.kind().ordinal()).putDouble(delays.jitter());
    out.put((byte) delays.delays().size());
    delays.delays().forEach(delay -> out.putLong(delay.toMillis()));
  }

  /** Throws {@link IllegalArgumentException} when these are no delays. */
  static RetryDelays read(ByteBuffer in) {
    int kind = in.get();
    RetryDelays.Kind[] kinds = RetryDelays.Kind.values();
    if (kind < 0 || kind >= kinds.length) {
      throw new IllegalArgumentException("a kind of delays " + kind);
    }
    double jitter = in.getDouble();
    int count = in.get();
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      delays.add(Duration.ofMillis(in.getLong()));
    }
    return new RetryDelays(kinds[kind], delays, jitter);
  }
}
