package io.quikqueue.http;

/**
 * Encodes a label as RFC 3492 has it. The JDK's {@code java.net.IDN} follows the rules of 2003,
 * under which {@code straße.example} is {@code strasse.example}, another's name.
 */
final class Punycode {

  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 0x80;
  private static final int MAX_INPUT = 255; // keeps delta within an int

  private Punycode() {}

  /** Returns the label without the prefix {@code xn--}. */
  static String encode(String label) {
    if (label.length() > MAX_INPUT) {
      throw new IllegalArgumentException("must have a host whose labels have up to 63 characters");
    }
    int[] points = label.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    label.codePoints().filter(c -> c < INITIAL_N).forEach(out::appendCodePoint);
    int basic = out.length();
    int handled = basic;
    if (basic > 0) {
      out.append('-');
    }
    int n = INITIAL_N;
    int delta = 0;
    int bias = INITIAL_BIAS;
    while (handled < points.length) {
      int next = Integer.MAX_VALUE;
      for (int c : points) {
        next = c >= n && c < next ? c : next;
      }
      delta += (next - n) * (handled + 1);
      n = next;
      for (int c : points) {
        if (c < n) {
          delta++;
        } else if (c == n) {
          number(out, delta, bias);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return out.toString();
  }

  private static void number(StringBuilder out, int delta, int bias) {
    int rest = delta;
    for (int k = BASE; ; k += BASE) {
      int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
      if (rest < threshold) {
        out.append(digit(rest));
        return;
      }
      out.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
      rest = (rest - threshold) / (BASE - threshold);
    }
  }

  private static int adapt(int delta, int count, boolean first) {
    int rest = first ? delta / DAMP : delta / 2;
    rest += rest / count;
    int k = 0;
    while (rest > (BASE - T_MIN) * T_MAX / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
  }

  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + value - 26);
  }
}
