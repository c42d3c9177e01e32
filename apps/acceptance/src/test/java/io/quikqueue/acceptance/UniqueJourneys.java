package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.QuikQueueException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users do with jobs of which there is one at a time, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class UniqueJourneys {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration HOUR = Duration.ofHours(1);

  private final QuikQueueClient client;
  private final Http http;

  /** A key of this test alone. */
  private final String mine = "u" + UUID.randomUUID();

  UniqueJourneys(Deployment system) {
    this.client = system.client();
    this.http = system.http();
  }

  private NewJob unique(Object payload) {
    return NewJob.of("echo", payload).uniqueKey(mine);
  }

  @Test
  void ofManyAtOnceThereIsOneUntilItHasEnded() {
    String body =
        "{\"type\":\"echo\",\"payload\":%d,\"delay\":\"1h\",\"unique\":{\"key\":\"" + mine + "\"}}";
    List<Answer> answers =
        IntStream.range(0, 30)
            .mapToObj(i -> http.postLater("/v1/jobs", body.formatted(i)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    List<Answer> accepted = answers.stream().filter(answer -> answer.status() == 202).toList();
    assertThat(accepted).hasSize(1);
    assertThat(answers).extracting(Answer::status).containsOnly(202, 409);
    String id = accepted.getFirst().string("id");
    assertThat(answers.stream().filter(answer -> answer.status() == 409))
        .extracting(answer -> answer.string("job_id"))
        .containsOnly(id);

    client.cancel(UUID.fromString(id));
    UUID next = client.submit(unique(1));
    assertThat(client.await(next, SOON).state()).isEqualTo(State.DONE);
    UUID afterwards = client.submit(unique(1));
    assertThat(client.await(afterwards, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void aRetryOfAJobWhoseKeyIsTakenNamesTheHolder() {
    UUID first = client.submit(unique(1).delay(HOUR));
    client.cancel(first);
    UUID second = client.submit(unique(2).delay(HOUR));

    assertThatThrownBy(() -> client.retry(first))
        .isInstanceOfSatisfying(
            QuikQueueException.Conflict.class,
            conflict -> assertThat(conflict.problem().jobId()).isEqualTo(second));

    client.cancel(second);
    client.retry(first);
    assertThat(client.await(first, SOON).state()).isEqualTo(State.DONE);
  }

  @Test
  void theJobThatWaitsRunsWithTheLastPayload() {
    UUID first = client.submit(unique(1).delay(HOUR));
    UUID second = client.submit(unique(2).delay(HOUR).onConflictReplace());
    UUID third = client.submit(unique(3).onConflictReplace());

    assertThat(List.of(second, third)).containsOnly(first);
    JobView done = client.await(first, SOON);
    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(done.result().intValue()).isEqualTo(3);
  }

  @Test
  void aJobThatRunsIsNotReplaced() {
    NewJob sleep = NewJob.of("sleep", Map.of("ms", 600_000)).timeout(HOUR).uniqueKey(mine);
    UUID first = client.submit(sleep);
    await().atMost(SOON).until(() -> client.find(first).orElseThrow().state() == State.RUNNING);

    assertThatThrownBy(() -> client.submit(sleep.onConflictReplace()))
        .isInstanceOfSatisfying(
            QuikQueueException.Conflict.class,
            conflict -> assertThat(conflict.problem().jobId()).isEqualTo(first));
    assertThat(client.submit(sleep.onConflictReturnExisting())).isEqualTo(first);

    client.cancel(first);
  }

  @Test
  void aDebouncedJobRunsOnceWithTheLastPayload() {
    Set<State> waiting = Set.of(State.WAITING, State.SCHEDULED, State.QUEUED);
    NewJob last = unique(0).uniqueStates(waiting);
    UUID first = client.submit(last.debounce(HOUR, null));
    List<CompletableFuture<UUID>> others =
        IntStream.range(1, 20)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> client.submit(unique(i).debounce(HOUR, null))))
            .toList();
    assertThat(others).extracting(CompletableFuture::join).containsOnly(first);
    assertThat(client.find(first).orElseThrow().state()).isEqualTo(State.SCHEDULED);

    assertThat(client.submit(unique("last").debounce(Duration.ofMillis(1), null))).isEqualTo(first);

    JobView done = client.await(first, SOON);
    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(done.result().textValue()).isEqualTo("last");
    assertThat(client.submit(unique(0).debounce(HOUR, null))).isNotEqualTo(first);
  }
}
