package io.quikqueue.redis;

import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.limit.LimitUse;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scripts' replies, checked: another system may share the keys, and a proxy may stand in
 * between. One of another form is an {@link UnavailableException}.
 */
final class Replies {

  private static final int PARTS_OF_A_MESSAGE = 3;
  private static final int PARTS_OF_A_LEASE = 4;
  private static final int PARTS_OF_MEMORY = 3;
  private static final int PARTS_OF_A_USE = 3;
  private static final int PARTS_OF_A_CLAIM = 3;

  private Replies() {}

  /**
   * A message as it stands in Redis, under the id and the attempt that Redis knows it by.
   *
   * @param id normally 16 bytes
   * @param holder who had leased it before; empty = nobody, or it was not asked
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Body(byte[] id, long attempt, byte[] bytes, String holder) {}

  /**
   * What was taken.
   *
   * @param lookAgainIn as the script says it
   */
  record Taken(long lookAgainIn, List<Body> bodies) {}

  /** Of {@code lookAgainIn, id, attempt, message, id, ...}. */
  static Taken taken(@Nullable Object reply, int limit) {
    List<?> parts = list(reply);
    if (parts.isEmpty()) {
      throw strange("nothing at all");
    }
    return new Taken(
        number(parts.getFirst()),
        bodies(parts.subList(1, parts.size()), PARTS_OF_A_MESSAGE, limit));
  }

  /** Of {@code id, attempt, message, holder, ...}. */
  static List<Body> leases(@Nullable Object reply, int limit) {
    return bodies(reply, PARTS_OF_A_LEASE, limit);
  }

  private static List<Body> bodies(@Nullable Object reply, int partsOfOne, int limit) {
    List<?> parts = list(reply);
    if (parts.size() % partsOfOne != 0 || parts.size() / partsOfOne > limit) {
      throw strange(parts.size() + " parts of messages");
    }
    List<Body> bodies = new ArrayList<>(parts.size() / partsOfOne);
    for (int i = 0; i < parts.size(); i += partsOfOne) {
      String holder = partsOfOne == PARTS_OF_A_LEASE ? Arguments.text(bytes(parts.get(i + 3))) : "";
      bodies.add(
          new Body(bytes(parts.get(i)), number(parts.get(i + 1)), bytes(parts.get(i + 2)), holder));
    }
    return bodies;
  }

  /** Of {@code running, concurrency, tokensIn, running, ...} of queue, type and group. */
  static LimitUsage.Uses uses(@Nullable Object reply) {
    List<Long> numbers = numbers(reply, 3 * PARTS_OF_A_USE);
    return new LimitUsage.Uses(use(numbers, 0), use(numbers, 1), use(numbers, 2));
  }

  /**
   * As the script says it: running -1 = no limit, concurrency 0 = any number, tokensIn -1 = none.
   */
  private static Optional<LimitUse> use(List<Long> numbers, int at) {
    int running = numbers.get(PARTS_OF_A_USE * at).intValue();
    int concurrency = numbers.get(PARTS_OF_A_USE * at + 1).intValue();
    long tokensIn = numbers.get(PARTS_OF_A_USE * at + 2);
    return running < 0
        ? Optional.empty()
        : Optional.of(
            new LimitUse(
                running,
                concurrency == 0 ? null : concurrency,
                tokensIn < 0 ? null : Duration.ofMillis(tokensIn)));
  }

  /** Of {@code name, milliseconds, name, ...}. */
  static Map<Destination, Duration> closed(@Nullable Object reply) {
    List<?> parts = list(reply);
    if (parts.size() % 2 != 0) {
      throw strange(parts.size() + " parts of closed destinations");
    }
    Map<Destination, Duration> closed = HashMap.newHashMap(parts.size() / 2);
    for (int i = 0; i < parts.size(); i += 2) {
      Destination destination = DestinationNames.read(Arguments.text(bytes(parts.get(i))));
      if (destination != null) {
        closed.put(destination, Duration.ofMillis(number(parts.get(i + 1))));
      }
    }
    return closed;
  }

  /** Of {@code queue/group, mark, room, queue/group, ...}. */
  static List<GroupWindows.Claim> claims(@Nullable Object reply) {
    List<?> parts = list(reply);
    if (parts.size() % PARTS_OF_A_CLAIM != 0) {
      throw strange(parts.size() + " parts of claims");
    }
    List<GroupWindows.Claim> claims = new ArrayList<>();
    for (int i = 0; i < parts.size(); i += PARTS_OF_A_CLAIM) {
      String name = Arguments.text(bytes(parts.get(i)));
      int slash = name.indexOf('/');
      if (slash < 0) {
        throw strange("a group without a queue");
      }
      claims.add(
          new GroupWindows.Claim(
              new GroupOfQueue(
                  name.substring(0, slash), Arguments.decoded(name.substring(slash + 1))),
              Arguments.text(bytes(parts.get(i + 1))),
              (int) number(parts.get(i + 2))));
    }
    return claims;
  }

  /** One number for each thing that was asked, or none at all. */
  static List<Long> numbersUpTo(@Nullable Object reply, int asked) {
    return list(reply).isEmpty() ? List.of() : numbers(reply, asked);
  }

  /** One number for each thing that was asked. */
  static List<Long> numbers(@Nullable Object reply, int asked) {
    List<?> list = list(reply);
    if (list.size() != asked) {
      throw strange(list.size() + " numbers instead of " + asked);
    }
    return list.stream().map(Replies::number).toList();
  }

  /**
   * How many jobs queues have.
   *
   * @param memory what Redis said of its memory at the same time
   */
  record Depths(Memory memory, Map<String, Long> ofQueues) {}

  /** Of {@code used, most, policy, queue, depth, queue, depth, ...}. */
  static Depths depths(@Nullable Object reply) {
    List<?> parts = list(reply);
    if (parts.size() < PARTS_OF_MEMORY || (parts.size() - PARTS_OF_MEMORY) % 2 != 0) {
      throw strange(parts.size() + " parts of depths");
    }
    Memory memory =
        new Memory(number(parts.get(0)), number(parts.get(1)), Arguments.text(bytes(parts.get(2))));
    Map<String, Long> depths = HashMap.newHashMap(parts.size() / 2);
    for (int i = PARTS_OF_MEMORY; i < parts.size(); i += 2) {
      depths.put(Arguments.text(bytes(parts.get(i))), number(parts.get(i + 1)));
    }
    return new Depths(memory, depths);
  }

  private static List<?> list(@Nullable Object reply) {
    if (reply instanceof List<?> list) {
      return list;
    }
    throw strange(kind(reply) + " instead of a list");
  }

  private static byte[] bytes(@Nullable Object part) {
    if (part instanceof byte[] bytes) {
      return bytes;
    }
    throw strange(kind(part) + " instead of a text");
  }

  private static long number(@Nullable Object part) {
    if (part instanceof Long number) {
      return number;
    }
    throw strange(kind(part) + " instead of a number");
  }

  private static String kind(@Nullable Object part) {
    return part == null ? "nothing" : part.getClass().getSimpleName();
  }

  private static UnavailableException strange(String what) {
    return new UnavailableException(Redis.DEPENDENCY, "it answered " + what);
  }
}
