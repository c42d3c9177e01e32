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
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
    List<Unreadable> tooLarge = new ArrayList<>(0);
    List<Future<RecordMetadata>> sent = new ArrayList<>(letters.size());
    for (Unreadable letter : letters) {
      ConsumerRecord<byte[], byte[]> record = letter.record();
      sent.add(
          clients.producer().send(letter(letter, record.key(), record.value(), record.headers())));
    }
    clients.producer().flush();
    for (int i = 0; i < letters.size(); i++) {
      if (!stored(sent.get(i), deadline)) {
        tooLarge.add(letters.get(i));
      }
    }
    for (Unreadable letter : tooLarge) { // where it stood is still there
      ProducerRecord<byte[], byte[]> rest = letter(letter, null, null, new RecordHeaders());
      clients.producer().send(rest).get(left(deadline), TimeUnit.NANOSECONDS);
    }
  }

  /** Waits for it; false = the topic takes no record of this size. */
  private boolean stored(Future<RecordMetadata> sent, long deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      sent.get(left(deadline), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return false;
      }
      clients.sendFailed(Errors.cause(e));
      throw e;
    }
  }

  private static long left(long deadline) {
    return Math.max(0, deadline - System.nanoTime());
  }

  private ProducerRecord<byte[], byte[]> letter(
      Unreadable letter, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    ConsumerRecord<byte[], byte[]> record = letter.record();
    String error = letter.error();
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(topics.deadLetter(), null, key, value, headers);
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
