package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {

  @Test
  void textAndBytesReadBackAsTheyWere() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      JobId id = new JobId(new UUID(random.nextLong(), random.nextLong()));
      assertThat(JobId.parse(id.toString())).isEqualTo(id);
      assertThat(JobId.of(id.bytes())).isEqualTo(id);
      assertThat(id.toString()).hasSize(36);
    }
  }

  @Test
  void bytesAreInTheOrderOfTheText() {
    assertThat(JobId.parse("00010203-0405-0607-0809-0a0b0c0d0e0f").bytes())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }

  @Test
  void upperCaseIsTheSameId() {
    assertThat(JobId.parse("0197739F-1C40-7ABC-8DEF-0123456789AB")).isEqualTo(Samples.ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "0197739f1c407abc8def0123456789ab",
        "0197739f-1c40-7abc-8def-0123456789a",
        "0197739f-1c40-7abc-8def-0123456789abc",
        "0197739g-1c40-7abc-8def-0123456789ab",
        "+197739f-1c40-7abc-8def-0123456789ab",
        "0-1-2-3-0000000000000000000000000004",
        "0197739f-1c40-7abc-8def-01234567 9ab",
        "{0197739f-1c40-7abc-8def-0123456789}",
        "------------------------------------",
        "漢197739f-1c40-7abc-8def-0123456789ab",
        "٠197739f-1c40-7abc-8def-0123456789ab",
      })
  void otherTextIsRefusedByName(String text) {
    assertThat(catchThrowableOfType(InvalidFieldException.class, () -> JobId.parse(text)))
        .extracting(InvalidFieldException::field)
        .isEqualTo("id");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17})
  void anotherNumberOfBytesIsRefused(int count) {
    assertThatIllegalArgumentException().isThrownBy(() -> JobId.of(new byte[count]));
  }

  @Test
  void orderIsTheOrderOfTheBytes() {
    Random random = new Random(2);
    List<JobId> ids = new ArrayList<>();
    long[] halves = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong()};
    for (long high : halves) {
      for (long low : halves) {
        ids.add(new JobId(new UUID(high, low)));
      }
    }
    for (JobId a : ids) {
      for (JobId b : ids) {
        assertThat(Integer.signum(a.compareTo(b)))
            .isEqualTo(Integer.signum(Arrays.compareUnsigned(a.bytes(), b.bytes())));
      }
    }
  }
}
