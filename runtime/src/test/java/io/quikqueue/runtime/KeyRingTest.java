package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

  private static final JobId JOB = JobId.parse("01890000-0000-7000-8000-000000000001");
  private static final JobId OTHER = JobId.parse("01890000-0000-7000-8000-000000000002");
  private static final String TEXT = "{\"a\":\"h€llo\"}";

  @TempDir private Path folder;

  private static String key(int fill, int bytes) {
    byte[] key = new byte[bytes];
    java.util.Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }

  private KeyRing ring(String... lines) throws IOException {
    return KeyRing.read(Files.write(folder.resolve("keys"), java.util.List.of(lines)));
  }

  @Test
  void whatIsSealedOpensAndLooksDifferentEachTime() throws IOException {
    KeyRing ring = ring("# keys", "", "k1 " + key(1, 32));

    String sealed = ring.seal(JOB, Field.PAYLOAD, TEXT);

    assertThat(sealed).startsWith("enc1:k1:").doesNotContain("llo");
    assertThat(ring.seal(JOB, Field.PAYLOAD, TEXT)).isNotEqualTo(sealed);
    assertThat(ring.seal(JOB, Field.PAYLOAD, sealed)).as("not twice").isEqualTo(sealed);
    assertThat(ring.open(JOB, Field.PAYLOAD, sealed)).isEqualTo(TEXT);
    assertThat(ring.open(JOB, Field.PAYLOAD, ring.seal(JOB, Field.PAYLOAD, ""))).isEmpty();
    assertThat(ring.health().isHealthy()).isTrue();
  }

  @Test
  void aValueOfAnotherJobOrFieldDoesNotOpenNorDoesOneThatWasChanged() throws IOException {
    KeyRing ring = ring("k1 " + key(1, 32));
    String sealed = ring.seal(JOB, Field.PAYLOAD, TEXT);
    String changed = sealed.substring(0, sealed.length() - 3) + "AAA";

    assertThat(ring.open(OTHER, Field.PAYLOAD, sealed)).isEqualTo(sealed);
    assertThat(ring.open(JOB, Field.RESULT, sealed)).isEqualTo(sealed);
    assertThat(ring.open(JOB, Field.PAYLOAD, changed)).isEqualTo(changed);
    assertThat(ring.open(JOB, Field.PAYLOAD, "enc1:k1:AAAA")).isEqualTo("enc1:k1:AAAA");
    assertThat(ring.open(JOB, Field.PAYLOAD, "enc1:k1:?")).isEqualTo("enc1:k1:?");
    assertThat(ring.health().isHealthy()).isFalse();
  }

  @Test
  void afterARotationTheNewKeyEncryptsAndTheOldOneStillOpens() throws IOException {
    String old = ring("k1 " + key(1, 32)).seal(JOB, Field.RESULT, TEXT);
    KeyRing rotated = ring("k2 " + key(2, 32), "k1 " + key(1, 32));

    assertThat(rotated.open(JOB, Field.RESULT, old)).isEqualTo(TEXT);
    assertThat(SealedText.keyId(rotated.seal(JOB, Field.RESULT, TEXT))).isEqualTo("k2");
  }

  @Test
  void whatWasStoredBeforeThereWereKeysIsReadAsItIs() throws IOException {
    assertThat(ring("k1 " + key(1, 32)).open(JOB, Field.PAYLOAD, TEXT)).isEqualTo(TEXT);
    assertThat(KeyRing.empty().seal(JOB, Field.PAYLOAD, TEXT)).isSameAs(TEXT);
  }

  @Test
  void aMissingKeyIsNamedByItsHealthAndNothingElseIs() throws IOException {
    String sealed = ring("k1 " + key(1, 32)).seal(JOB, Field.PAYLOAD, TEXT);
    KeyRing empty = KeyRing.empty();

    assertThat(empty.open(JOB, Field.PAYLOAD, sealed)).isEqualTo(sealed);

    assertThat(empty.health().isHealthy()).isFalse();
    assertThat(empty.health().getMessage()).contains("k1").doesNotContain(sealed);
  }

  @Test
  void linesOfLogsAreSealedToo() throws IOException {
    KeyRing ring = ring("k1 " + key(1, 32));
    byte[] line = "sent €".getBytes(StandardCharsets.UTF_8);
    byte[] sealed = ring.sealLine(JOB, line);

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("sent");
    assertThat(sealed.length).isLessThan(line.length + 64);
    assertThat(ring.openLine(JOB, sealed)).isEqualTo(line);
    assertThat(ring.openLine(JOB, line)).isEqualTo(line);
    assertThat(new String(ring.openLine(OTHER, sealed), StandardCharsets.UTF_8))
        .isEqualTo("[ENCRYPTED: the key k1 is unusable here]");
    assertThat(KeyRing.empty().sealLine(JOB, line)).isSameAs(line);
  }

  @Test
  void aKeyInPlaceOfTheNameOfAFileIsNotShown() {
    assertThatThrownBy(() -> KeyRing.read(Path.of("k1 " + key(7, 32))))
        .hasMessageContaining("seems to be a key")
        .hasMessageNotContaining(key(7, 32));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void aKeyHas32Bytes(int bytes) {
    assertThatThrownBy(() -> ring("k1 " + key(7, bytes)))
        .hasMessageContaining("line 1 of ")
        .hasMessageContaining("32 bytes")
        .hasMessageNotContaining("BwcH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# none", "k1", "k1 ?", "k/1 %s", " %s", "k1 %s x"})
  void refusesAFileThatIsWrongAndSaysNothingOfItsKeys(String line) {
    assertThatThrownBy(() -> ring(line.formatted(key(7, 32))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("BwcH");
  }

  @Test
  void refusesAnIdTwiceTooManyKeysAndAFileThatIsNotThere() throws IOException {
    String[] most = new String[101];
    for (int i = 0; i < most.length; i++) {
      most[i] = "k" + i + " " + key(1, 32);
    }

    assertThat(ring(java.util.Arrays.copyOf(most, 100)).toString()).doesNotContain(key(1, 32));
    assertThatThrownBy(() -> ring(most)).hasMessageContaining("1 to 100 keys");
    assertThatThrownBy(() -> ring("a " + key(1, 32), "a " + key(2, 32)))
        .hasMessageContaining("second time");
    assertThatThrownBy(() -> ring("a".repeat(33) + " " + key(1, 32)))
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> KeyRing.read(folder.resolve("none"))).hasMessageContaining("none");
  }
}
