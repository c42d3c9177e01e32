package io.quikqueue.http;

import static io.quikqueue.http.StatusRules.Verdict.PERMANENT;
import static io.quikqueue.http.StatusRules.Verdict.RETRIED;
import static io.quikqueue.http.StatusRules.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.http.StatusRules.Verdict;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRulesTest {

  @ParameterizedTest
  @CsvSource({
    "200, SUCCESS", "299, SUCCESS", "300, PERMANENT", "399, PERMANENT", "400, PERMANENT",
    "407, PERMANENT", "408, RETRIED", "409, RETRIED", "410, PERMANENT", "423, RETRIED",
    "424, PERMANENT", "425, RETRIED", "426, PERMANENT", "429, RETRIED", "499, PERMANENT",
    "500, RETRIED", "501, RETRIED", "599, RETRIED", "999, RETRIED"
  })
  void knowsWhatAStatusMeansOfItself(int status, Verdict verdict) throws Exception {
    assertThat(rules("{}").of(status)).isEqualTo(verdict);
  }

  @Test
  void goesByTheListsBeforeAllElse() throws Exception {
    StatusRules rules =
        rules(
            "{\"accept\": [\"2xx\", 409], \"retry_on\": [\"404-405\", \"3XX\"],"
                + " \"fail_on\": [501, \"410-411\"]}");

    assertThat(rules.of(200)).isEqualTo(SUCCESS);
    assertThat(rules.of(409)).isEqualTo(SUCCESS);
    assertThat(rules.of(404)).isEqualTo(RETRIED);
    assertThat(rules.of(302)).isEqualTo(RETRIED);
    assertThat(rules.of(410)).isEqualTo(PERMANENT);
    assertThat(rules.of(501)).isEqualTo(PERMANENT);
    assertThat(rules.of(403)).isEqualTo(PERMANENT);
    assertThat(rules.of(503)).isEqualTo(RETRIED);
  }

  @Test
  void takesFromTheUsualSuccessesWhatAnotherListNames() throws Exception {
    StatusRules rules = rules("{\"retry_on\": [202], \"fail_on\": [\"205-206\"]}");

    assertThat(rules.of(200)).isEqualTo(SUCCESS);
    assertThat(rules.of(202)).isEqualTo(RETRIED);
    assertThat(rules.of(206)).isEqualTo(PERMANENT);
  }

  @Test
  void triesAgainAfterASuccessThatIsNotTheOneAskedFor() throws Exception {
    assertThat(rules("{\"accept\": [201]}").of(200)).isEqualTo(RETRIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"accept", "retry_on", "fail_on"})
  void takesUpTo32StatusesAList(String field) throws Exception {
    assertThat(rules(listOf(field, 1)).of(400)).isNotNull();
    assertThat(rules(listOf(field, 32)).of(431)).isNotNull();
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> rules(listOf(field, 33)))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field))
        .withMessageContaining("1 to 32");
  }

  @Test
  void namesAStatusThatStandsInTwoLists() {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> rules("{\"accept\": [\"200-404\"], \"fail_on\": [\"4xx\"]}"))
        .satisfies(e -> assertThat(e.field()).isEqualTo("fail_on"))
        .withMessageContaining("must not name 400, which accept names too");
  }

  private static String listOf(String field, int size) {
    return IntStream.range(400, 400 + size)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "{\"" + field + "\": [", "]}"));
  }

  private static StatusRules rules(String payload) throws Exception {
    return StatusRules.parse(StrictJson.read(payload));
  }
}
