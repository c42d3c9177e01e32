package io.quikqueue.domain.job;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a job: a UUIDv7 (RFC 9562), 16 bytes in storage and the usual 36 characters as text.
 */
public record JobId(UUID value) implements Comparable<JobId> {

  /** Stricter than {@link UUID#fromString}, which takes signs, short groups and foreign digits. */
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /**
   * Reads the text form.
   *
   * @throws InvalidFieldException naming the field {@code id} when the text is not a UUID
   */
  public static JobId parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidFieldException("id", "must be a UUID of 36 characters");
    }
    return new JobId(UUID.fromString(text));
  }

  /** Reads the 16 bytes that {@link #bytes()} gave. */
  public static JobId of(byte[] bytes) {
    if (bytes.length != 16) {
      throw new IllegalArgumentException("a job id has 16 bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new JobId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /** The 16 bytes, most significant first, so that byte order is the order of creation. */
  public byte[] bytes() {
    return ByteBuffer.allocate(16)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }

  /** Orders as the bytes do, unsigned; {@link UUID#compareTo} compares signed and would not. */
  @Override
  public int compareTo(JobId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
