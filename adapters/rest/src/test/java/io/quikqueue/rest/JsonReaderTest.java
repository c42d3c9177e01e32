package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.usecase.submit.JobRequest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads are kept as they are written, whatever stands around them and however long they are. */
class JsonReaderTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsPayloadsAsTheyAreWritten(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String payload = value(random, 4);
      String before = space(random) + "\"labels\"" + space(random) + ":{\"a\":\"€\"},";
      String document =
          "{"
              + before
              + "\"payload\""
              + space(random)
              + ":"
              + space(random)
              + payload
              + space(random)
              + ",\"type\":\"echo\"}";

      JobRequest request = JobReader.read(document, null, null);
      assertThat(request.spec().payload()).isEqualTo(payload);
      JobRequest item = JobReader.readItem(document, new Source(7, 7), null);
      assertThat(item.spec().payload()).isEqualTo(payload);
    }
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> random.nextBoolean() ? "-0.10e+5" : Long.toString(random.nextLong());
      case 3 -> string(random);
      case 4 -> "\"" + "long €".repeat(random.nextInt(20_000)) + "\"";
      case 5 -> {
        StringBuilder array = new StringBuilder("[").append(space(random));
        for (int i = random.nextInt(4); i > 0; i--) {
          array.append(value(random, depth - 1)).append(i > 1 ? "," : "").append(space(random));
        }
        yield array.append("]").toString();
      }
      default -> {
        StringBuilder object = new StringBuilder("{").append(space(random));
        for (int i = random.nextInt(4); i > 0; i--) {
          object
              .append("\"n")
              .append(i)
              .append("\"")
              .append(space(random))
              .append(":")
              .append(value(random, depth - 1))
              .append(i > 1 ? "," : "");
        }
        yield object.append("}").toString();
      }
    };
  }

  private static String string(Random random) {
    String[] parts = {
      "a", "\\\"", "\\\\", "\\u00e9", "é", "😀", "\\ud83d\\ude00", "}", "]", ",", "\\/"
    };
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.append("\"").toString();
  }

  private static String space(Random random) {
    return " \n\t\r ".substring(0, random.nextInt(6));
  }
}
