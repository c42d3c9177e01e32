package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTest {

  private static final String URL = "https://example.com/hook?key=s3cret";

  @Test
  void itsTextReadsBack() {
    for (Set<JobState> on :
        Set.of(
            Callback.ANY_END, Set.of(JobState.DONE), Set.of(JobState.FAILED, JobState.EXPIRED))) {
      Callback callback = new Callback("http://ä.example/ €?a=b c", on);

      assertThat(Callback.parse(callback.text())).isEqualTo(callback);
    }
    assertThat(new Callback(URL, Set.of(JobState.DONE, JobState.FAILED)).text())
        .isEqualTo("done,failed " + URL);
  }

  @Test
  void anyEndIsATerminalState() {
    assertThat(Callback.ANY_END)
        .containsExactlyInAnyOrder(
            JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED);
  }

  @Test
  void aUrlHasUpTo2048Characters() {
    String most = "http://a/" + "x".repeat(2048 - "http://a/".length());

    assertThat(new Callback(most, Callback.ANY_END).url()).isEqualTo(most);

    refused("callback.url", most + "x", Callback.ANY_END);
    refused("callback.url", "", Callback.ANY_END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://example.com", "example.com", "http://", "http://a/\n", "http://a/\uD83D"})
  void whatIsNoUrlOfTheWebIsRefused(String url) {
    refused("callback.url", url, Callback.ANY_END);
  }

  @Test
  void onHasToNameAnEnd() {
    refused("callback.on", URL, Set.of());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DONE", "FAILED", "CANCELLED", "EXPIRED"})
  void onHasNoStateThatIsNoEnd(JobState state) {
    refused("callback.on", URL, EnumSet.of(JobState.DONE, state));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "done", "running http://a/", "nothing http://a/", "done ftp://a/"})
  void whatIsNoTextOfACallbackIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Callback.parse(text));
  }

  @Test
  void itIsNotShownWithItsUrl() {
    assertThat(new Callback(URL, Callback.ANY_END).toString()).doesNotContain("s3cret", "http");
  }

  private static void refused(String field, String url, Set<JobState> on) {
    assertThatThrownBy(() -> new Callback(url, on))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo(field))
        .hasMessageNotContaining("s3cret");
  }
}
