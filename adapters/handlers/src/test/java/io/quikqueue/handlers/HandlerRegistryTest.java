package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.PermanentFailureException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class HandlerRegistryTest {

  private final HandlerRegistry handlers = HandlerRegistry.builtIn();

  private Result run(String type, String payload, int attempt) throws Exception {
    return handlers.find(type).orElseThrow().run(OneRun.of(payload, attempt));
  }

  @Test
  void hasTheBuiltInTypes() {
    assertThat(handlers.types())
        .containsExactlyInAnyOrder("add", "echo", "fail", "multiply", "sleep", "sum_multiply");
    assertThat(handlers.find("unheard-of")).isEmpty();
  }

  @Test
  void takesOneMoreButNotTwoOfAType() throws Exception {
    HandlerRegistry more = handlers.with("http", run -> new Result("1", null));

    assertThat(more.find("http").orElseThrow().run(OneRun.of("{}")).json()).isEqualTo("1");
    assertThat(handlers.find("http")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handlers.with("echo", run -> new Result(null, null)))
        .withMessageContaining("echo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo         | {\"a\": [1, 2.50]}             | {\"a\": [1, 2.50]}",
        "echo         | null                           | null",
        "sleep        | {\"ms\": 0}                    | {\"slept_ms\":0}",
        "fail         | {\"times\": 0}                 | {\"attempt\":1}",
        "add          | {\"a\": 2, \"b\": 3}           | {\"sum\":5}",
        "add          | {\"a\": 0.1, \"b\": 0.2}       | {\"sum\":0.3}",
        "add          | {\"a\": -2, \"b\": 2, \"ms\": 1} | {\"sum\":0}",
        "multiply     | {\"a\": 2, \"b\": 3}           | {\"product\":6}",
        "multiply     | {\"a\": 12345678901234567890, \"b\": 10} |"
            + " {\"product\":123456789012345678900}",
        "sum_multiply | {\"a\": 2, \"b\": 3}           |"
            + " {\"sum\":5,\"a_times_sum\":10,\"b_times_sum\":15}",
      })
  void runs(String type, String payload, String result) throws Exception {
    assertThat(run(type, payload, 1).json()).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sleep | {}                                 | ms: must be a whole number in range",
        "sleep | {\"ms\": null}                     | ms: must be a whole number in range",
        "sleep | {\"ms\": \"5\"}                    | ms: must be a whole number in range",
        "sleep | {\"ms\": 1.5}                      | ms: must be a whole number in range",
        "sleep | {\"ms\": -1}                       | ms: must be from 0 to 86400000",
        "sleep | {\"ms\": 86400001}                 | ms: must be from 0 to 86400000",
        "sleep | {\"ms\": 99999999999999999999}     | ms: must be a whole number in range",
        "sleep | {\"ms\": 1, \"s\": 2}              | s: is not a field of this type of job",
        "sleep | [1]                                | payload: must be an object",
        "sleep | \"x\"                              | payload: must be an object",
        "sleep | null                               | payload: must not be null",
        "fail  | {}                                 | times: must be a whole number in range",
        "fail  | {\"times\": -1}                    | times: must not be negative",
        "fail  | {\"times\": 1, \"permanent\": \"yes\"} | permanent: must be true or false",
        "add   | {\"a\": 1}                         | b: is missing",
        "add   | {\"a\": \"1\", \"b\": 2}           | a: must be a number",
        "add   | {\"a\": 1, \"b\": true}            | b: must be a number",
        "add   | {\"a\": 1e999999999, \"b\": 1}     | a: must have at most 30 digits",
        "add   | {\"a\": 1, \"b\": 1e-31}           | b: must have at most 30 digits",
        "multiply     | {\"b\": 1}                  | a: is missing",
        "sum_multiply | {\"a\": 1, \"b\": 2, \"c\": 3} | c: is not a field of this type of job",
        "sum_multiply | {\"a\": 1, \"b\": 2, \"ms\": -3} | ms: must be from 0 to 86400000",
      })
  void namesTheFieldOfABadPayload(String type, String payload, String message) {
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(type, payload, 1))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"add, {'a':1,'a':2}", "add, {'a':1", "sleep, {'ms':1} {'ms':2}"})
  void refusesWhatIsNotOneJsonDocument(String type, String payload) {
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(type, payload.replace('\'', '"'), 1));
  }

  @Test
  void failsItsFirstAttempts() throws Exception {
    String payload = "{\"times\": 2}";

    for (int attempt = 1; attempt <= 2; attempt++) {
      int number = attempt;
      assertThatExceptionOfType(FailHandler.AskedToFailException.class)
          .isThrownBy(() -> run("fail", payload, number))
          .withMessage("attempt " + attempt + " of 2 that are to fail");
    }
    assertThat(run("fail", payload, 3).json()).isEqualTo("{\"attempt\":3}");
  }

  @Test
  void failsForGoodWhenAsked() throws Exception {
    String payload = "{\"times\": 1, \"permanent\": true}";

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run("fail", payload, 1));
    assertThat(run("fail", payload, 2).json()).isEqualTo("{\"attempt\":2}");
  }

  @Test
  void sleepsAsLongAsItIsTold() throws Exception {
    long start = System.nanoTime();

    run("sleep", "{\"ms\": 50}", 1);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
  }

  @Test
  void aLongSleepReportsHowFarItIsAndAShortOneDoesNot() throws Exception {
    OneRun longer = OneRun.of("{\"ms\": 2100}");
    OneRun shorter = OneRun.of("{\"ms\": 1000}");

    handlers.find("sleep").orElseThrow().run(longer);
    handlers.find("sleep").orElseThrow().run(shorter);

    assertThat(longer.told())
        .containsExactly("47% slept 1000 of 2100 ms", "95% slept 2000 of 2100 ms");
    assertThat(shorter.told()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"sleep, {'ms':60000}", "add, {'a':1;'b':2;'ms':60000}"})
  void wakesAtAnInterrupt(String type, String payload) throws Exception {
    String json = payload.replace('\'', '"').replace(';', ',');
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              try {
                run(type, json, 1);
              } catch (Exception e) {
                end.complete(e);
              }
            });

    thread.interrupt();

    assertThat(end.get(120, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }
}
