package io.quikqueue.kafka;

import dev.failsafe.CircuitBreaker;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadJobStream;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces jobs on one Kafka topic per queue, acknowledged by all in-sync replicas. The topic of a
 * queue is made before its first job. Jobs that FAILED are published likewise on a topic of their
 * own. Safe for use by several threads.
 */
public final class KafkaJobStream implements JobStream, DeadJobStream, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaJobStream.class);
  private static final String TRACEPARENT = "traceparent";

  private final FieldCipher cipher;
  private final Clients clients;
  private final Topics topics;
  private final ProgressReader progresses;
  private final long longestSend;

  /** While Kafka is away, one caller at a time waits for it; the others are told at once. */
  private final CircuitBreaker<Void> breaker =
      CircuitBreaker.<Void>builder()
          .withFailureThreshold(1)
          .withSuccessThreshold(1)
          .withDelay(Duration.ofSeconds(1))
          .build();

  /** Does not wait for Kafka, which need not be there yet. */
  public KafkaJobStream(KafkaConfig config) {
    this(config, FieldCipher.NONE);
  }

  /**
   * @param cipher encrypts the payloads
   */
  public KafkaJobStream(KafkaConfig config, FieldCipher cipher) {
    this.cipher = cipher;
    this.clients = new Clients(config);
    this.topics = new Topics(config, clients);
    this.progresses = new ProgressReader(config, clients, topics);
    this.longestSend =
        config.getBlockTimeout().toNanoseconds() + config.getDeliveryTimeout().toNanoseconds();
  }

  /**
   * Connects, and makes the topics of the default queue and of dead letters, in the background; if
   * Kafka is not there, the first announcement does it.
   */
  public void start() {
    Thread.ofVirtual().name("kafka-start").start(this::makeBasics);
  }

  @Override
  public void announce(List<Job> jobs) {
    sendAll(jobs.stream().map(this::record).toList());
  }

  @Override
  public void publish(List<DeadJob> jobs) {
    sendAll(
        jobs.stream()
            .map(
                job ->
                    new ProducerRecord<>(
                        topics.dead(),
                        job.attempt().job().toString().getBytes(StandardCharsets.US_ASCII),
                        DeadJobJson.of(job).getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  private void sendAll(List<ProducerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      return;
    }
    Set<String> named = new LinkedHashSet<>();
    records.forEach(record -> named.add(record.topic()));
    if (!breaker.tryAcquirePermit()) {
      throw new UnavailableException("stream", "it was not there a moment ago");
    }
    try {
      topics.ensure(named);
      send(records);
      breaker.recordSuccess();
    } catch (InterruptedException | InterruptException e) {
      breaker.recordFailure();
      Thread.currentThread().interrupt();
      throw new UnavailableException("stream", e);
    } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
      topics.forget(named); // one of them may have been deleted
      Throwable cause = Errors.cause(e);
      clients.sendFailed(cause);
      if (cause instanceof RetriableException || cause instanceof TimeoutException) {
        breaker.recordFailure();
      } else {
        breaker.recordSuccess(); // it answered
      }
      throw unavailable(cause);
    }
  }

  @Override
  public Map<String, Progress> progress() {
    try {
      return progresses.read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("stream", e);
    } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
      throw unavailable(Errors.cause(e));
    }
  }

  /** Waits up to a few seconds for what is being sent. */
  @Override
  public void close() {
    clients.close();
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records)
      throws ExecutionException, TimeoutException, InterruptedException {
    Producer<byte[], byte[]> producer = clients.producer();
    long deadline = System.nanoTime() + longestSend;
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      Future<RecordMetadata> future = producer.send(record);
      if (future.isDone()) {
        future.get(); // failed at once: each further send would wait as long as this one did
      }
      sent.add(future);
    }
    producer.flush();
    for (Future<RecordMetadata> future : sent) {
      future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  private ProducerRecord<byte[], byte[]> record(Job job) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.ofQueue(job.spec().queue()), job.id().bytes(), JobBody.write(job, cipher));
    record.headers().add(RecordReader.ENVELOPE, Envelope.of(job).bytes());
    String traceparent = job.spec().traceparent();
    if (traceparent != null) {
      record.headers().add(TRACEPARENT, traceparent.getBytes(StandardCharsets.US_ASCII));
    }
    return record;
  }

  private static UnavailableException unavailable(Throwable cause) {
    return cause.getMessage() == null
        ? new UnavailableException("stream", Errors.of(cause))
        : new UnavailableException("stream", cause);
  }

  private void makeBasics() {
    try {
      topics.ensureBasics();
    } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
      log.warn("event=topics_not_created reason={}", Errors.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
