package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static ByteArrayInputStream zeros(int size) throws IOException {
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
      gzip.write(new byte[size]);
    }
    return new ByteArrayInputStream(gzipped.toByteArray());
  }
}
