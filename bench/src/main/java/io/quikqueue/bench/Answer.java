package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

/** An HTTP answer. */
@SuppressWarnings("ArrayRecordComponent") // passed on and read, never compared
record Answer(int status, byte[] body) {

  private static final int SHOWN = 200;

  /** The status and the beginning of the body, on one line. */
  String brief() {
    String text = new String(body, 0, Math.min(body.length, SHOWN), UTF_8);
    return status + " " + text.replaceAll("\\p{Cntrl}", " ");
  }
}
