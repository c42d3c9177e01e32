package io.quikqueue.domain.dead;

import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What FAILED jobs of one group have in common.
 *
 * @param errorClass the class of what the last attempt threw; null when nothing was thrown
 * @param message the error of the job as {@link MessageTemplate} reduces it
 */
public record FailureKind(String type, @Nullable String errorClass, String message) {

  /** The group of failures that came when there were as many groups as there can be. */
  private static final String OTHERS = "other failures: there are too many groups";

  private static final int ID_BYTES = 16;

  /** Why a transition made its job FAILED; null when it did not. */
  public static @Nullable FailureKind of(Transition transition) {
    if (!transition.madeFailed()) {
      return null;
    }
    Job after = transition.after();
    AttemptRecord ended = transition.ended();
    String error = after.error();
    return new FailureKind(
        after.spec().type(),
        ended == null ? null : ended.errorClass(),
        MessageTemplate.of(error == null ? "" : error));
  }

  /** The kind that stands for all others of the type, when there are too many groups. */
  public FailureKind others() {
    return new FailureKind(type, null, OTHERS);
  }

  /** Names the group: 32 hexadecimal digits, always the same for the same kind. */
  public String id() {
    MessageDigest digest = Sha256.begin();
    for (String part : Arrays.asList(type, errorClass, message)) {
      digest.update((byte) (part == null ? 0 : 1));
      digest.update(part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }
}
