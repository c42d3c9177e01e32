package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.ToyCipher;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** What Redis, and the stream before it, hold of a payload that is encrypted. */
class SealedBodiesTest {

  private final Jobs jobs = new Jobs();

  @Test
  void redisHoldsNoPayload() throws Exception {
    Job pushed = jobs.aJob().payload("\"hidden\"").queued();
    Job dispatched = jobs.aJob().payload("\"hidden too\"").queued();
    ToyCipher cipher = new ToyCipher();
    byte[] body = JobBody.write(dispatched, cipher);
    assertThat(new String(body, StandardCharsets.ISO_8859_1)).doesNotContain("hidden");
    try (TestQueues queues = new TestQueues()) {
      RedisReadyQueue queue = queues.open(cipher);
      queue.push(List.of(pushed));
      queue.dispatch(
          List.of(
              new StreamRecord(
                  Envelope.of(dispatched), body, new StreamRecord.Position("topic/0", 1))));

      assertThat(all(queues)).contains("enc1:toy:").doesNotContain("hidden");
      assertThat(
              queue.take(
                  new TakeRequest(
                      "w",
                      Set.of(),
                      Set.of(),
                      9,
                      QueueRoom.UNLIMITED,
                      Duration.ofSeconds(9),
                      Duration.ZERO)))
          .extracting(job -> job.spec().payload())
          .containsExactlyInAnyOrder("\"hidden\"", "\"hidden too\"");
    }
  }

  @Test
  void aBodyThatCannotBeOpenedIsReadWithItsPayloadClosed() throws UnreadableMessageException {
    Job job = jobs.aJob().payload("\"hidden\"").queued();

    Job read = JobBody.read(JobBody.write(job, new ToyCipher()));

    assertThat(read.attemptId()).isEqualTo(job.attemptId());
    assertThat(read.spec().payload()).startsWith("enc1:toy:");
  }

  private static String all(TestQueues queues) {
    StringBuilder all = new StringBuilder();
    try (RedisClient client =
        RedisClient.create(io.quikqueue.servers.SharedServers.redis().uri())) {
      for (String key : queues.keys()) {
        if (client.type(key).equals("hash")) {
          for (Map.Entry<byte[], byte[]> each :
              client.hgetAll(key.getBytes(StandardCharsets.UTF_8)).entrySet()) {
            all.append(new String(each.getValue(), StandardCharsets.ISO_8859_1));
          }
        } else if (client.type(key).equals("string")) {
          all.append(
              new String(
                  client.get(key.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return all.toString();
  }
}
