package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Hides texts without keeping them secret, and opens none under another job or field. */
public final class ToyCipher implements FieldCipher {

  private static final HexFormat HEX = HexFormat.of();

  @Override
  public String seal(JobId job, Field field, String text) {
    return SealedText.isSealed(text)
        ? text
        : SealedText.of("toy", hex((bound(job, field) + text).getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String open(JobId job, Field field, String stored) {
    if (!SealedText.isSealed(stored)) {
      return stored;
    }
    String text = new String(HEX.parseHex(SealedText.base64(stored)), StandardCharsets.UTF_8);
    String bound = bound(job, field);
    return text.startsWith(bound) ? text.substring(bound.length()) : stored;
  }

  @Override
  public byte[] sealLine(JobId job, byte[] line) {
    return hex(line).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] openLine(JobId job, byte[] stored) {
    return HEX.parseHex(new String(stored, StandardCharsets.US_ASCII));
  }

  private static String bound(JobId job, Field field) {
    return job + "/" + field + "/";
  }

  private static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }
}
