package io.quikqueue.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {

  /** However much is asked for at once. */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 64 << 10, 10 << 20})
  void aSmallBodyWithMuchInItLetsOthersGoOn(int atOnce) throws IOException {
    AtomicInteger turns = new AtomicInteger();
    byte[] bytes = new byte[atOnce];
    int size = 0;
    try (Gunzip gunzip = new Gunzip(zeros(10 << 20), turns::incrementAndGet)) {
      for (int read = 0; read >= 0; read = gunzip.read(bytes, 0, atOnce)) {
        size += read;
      }
    }

    assertThat(size).isEqualTo(10 << 20);
    assertThat(turns.get()).isBetween(150, 160);
  }

  /** Also where the end of the body is the end of what is read of it at once. */
  @ParameterizedTest
  @MethodSource
  void whatComesBehindTheEndIsRefused(int size, String behind) throws IOException {
    byte[] whole = gzipped(noise(size));
    for (int atOnce : new int[] {1, 7, 512, 4 << 10}) {
      InputStream more = pieces(atOnce, whole, behind.getBytes(ISO_8859_1));
      try (Gunzip gunzip = new Gunzip(more)) {
        assertThatIOException().isThrownBy(gunzip::readAllBytes);
      }
    }
  }

  private static Stream<Arguments> whatComesBehindTheEndIsRefused() {
    List<String> all =
        List.of("x", "\u001f", "\u001f\u008b", "\0\0", "a longer text than a header has");
    return all.stream()
        .flatMap(
            behind -> IntStream.of(0, 10, 4_050, 9_000).mapToObj(i -> Arguments.of(i, behind)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 4_050, 9_000})
  void membersOneAfterTheOtherAreOneBody(int size) throws IOException {
    byte[] noise = noise(size);
    byte[] member = gzipped(noise);
    for (int atOnce : new int[] {1, 7, 512, 4 << 10}) {
      try (Gunzip gunzip = new Gunzip(pieces(atOnce, member, member))) {
        assertThat(gunzip.readNBytes(size)).isEqualTo(noise);
        assertThat(gunzip.readAllBytes()).isEqualTo(noise);
      }
    }
  }

  /** What hardly gets smaller, so that the bodies have all lengths. */
  private static byte[] noise(int size) {
    byte[] noise = new byte[size];
    new Random(size).nextBytes(noise);
    return noise;
  }

  /** A body that comes so many bytes at a time, of which none is known to be there before. */
  private static InputStream pieces(int atOnce, byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return new ByteArrayInputStream(all.toByteArray()) {
      @Override
      public int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(length, atOnce));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static InputStream zeros(int size) throws IOException {
    return new ByteArrayInputStream(gzipped(new byte[size]));
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
      gzip.write(bytes);
    }
    return gzipped.toByteArray();
  }
}
