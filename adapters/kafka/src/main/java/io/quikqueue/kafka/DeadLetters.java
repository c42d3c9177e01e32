package io.quikqueue.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Puts aside the records that are no jobs, with where they stood and what is wrong with them. */
final class DeadLetters {

  private static final int LONGEST_ERROR = 1000;

  private final Clients clients;
  private final Topics topics;
  private final long timeout;

  DeadLetters(KafkaConfig config, Clients clients, Topics topics) {
    this.clients = clients;
    this.topics = topics;
    this.timeout =
        config.getBlockTimeout().toNanoseconds() + config.getDeliveryTimeout().toNanoseconds();
  }

  /** A record and why it cannot be read. */
  record Unreadable(ConsumerRecord<byte[], byte[]> record, String error) {}

  /** Sends them; they are durable when this returns. */
  void send(List<Unreadable> letters)
      throws ExecutionException, TimeoutException, InterruptedException {
    topics.ensure(List.of(topics.deadLetter()));
    long deadline = System.nanoTime() + timeout;
    List<Future<RecordMetadata>> sent = new ArrayList<>(letters.size());
    for (Unreadable letter : letters) {
      Future<RecordMetadata> future =
          clients.producer().send(letter(letter, letter.record().value()));
      if (future.isDone() && tooLarge(future)) {
        future = clients.producer().send(letter(letter, null)); // where it stood is still there
      }
      sent.add(future);
    }
    clients.producer().flush();
    for (Future<RecordMetadata> future : sent) {
      future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  private static boolean tooLarge(Future<RecordMetadata> done)
      throws ExecutionException, InterruptedException {
    try {
      done.get();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return true;
      }
      throw e;
    }
  }

  private ProducerRecord<byte[], byte[]> letter(Unreadable letter, byte @Nullable [] value) {
    ConsumerRecord<byte[], byte[]> record = letter.record();
    String error = letter.error();
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(topics.deadLetter(), null, record.key(), value, record.headers());
    copy.headers()
        .add("topic", utf8(record.topic()))
        .add("partition", utf8(Integer.toString(record.partition())))
        .add("offset", utf8(Long.toString(record.offset())))
        .add("error", utf8(error.substring(0, Math.min(error.length(), LONGEST_ERROR))));
    return copy;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
