package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MixedVersionsTest {

  static List<FormerBodies.Written> formerBodies() {
    return FormerBodies.all();
  }

  @ParameterizedTest
  @MethodSource("formerBodies")
  void readsWhatTheFormerVersionWrote(FormerBodies.Written former)
      throws UnreadableMessageException {
    Job read = JobBody.read(former.bytes());

    assertThat(read).isEqualTo(former.job());
    assertThat(Envelope.of(read)).isEqualTo(Envelope.of(former.job()));
  }

  @ParameterizedTest
  @MethodSource("formerBodies")
  void writesWhatTheFormerVersionWrote(FormerBodies.Written former)
      throws UnreadableMessageException {
    byte[] written = JobBody.write(former.job());

    assertThat(written).isEqualTo(former.bytes());
    assertThat(FormerReader.read(written)).isEqualTo(former.job());
  }

  /** The fixture would prove nothing if it took whatever comes. */
  @ParameterizedTest
  @MethodSource("formerBodies")
  void theFormerReaderIsStrict(FormerBodies.Written former) {
    byte[] longer = Arrays.copyOf(former.bytes(), former.bytes().length + 1);
    byte[] later = former.bytes();
    later[0] = 2;

    assertThatThrownBy(() -> FormerReader.read(longer))
        .isInstanceOf(UnreadableMessageException.class);
    assertThatThrownBy(() -> FormerReader.read(later))
        .isInstanceOf(UnreadableMessageException.class);
  }
}
