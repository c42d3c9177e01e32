package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.QueueTurn;
import io.quikqueue.domain.port.TakeRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One take: queues in turn, the one served longest ago first, each give their share. */
final class RoundRobinTake {

  /** Of payloads; of large jobs few are taken at a time. */
  private static final long MOST_CHARS = 8L << 20;

  private final ReadyBuffer buffers;
  private final TakeRequest request;
  private final long until;
  private final TakeScope scope;
  private final List<Job> taken = new ArrayList<>();
  private long chars;

  /**
   * @param now monotonic nanoseconds
   */
  RoundRobinTake(ReadyBuffer buffers, TakeRequest request, long now) {
    this.buffers = buffers;
    this.request = request;
    this.until = now + request.lease().toNanos();
    this.scope = new TakeScope(request.types(), buffers.throttle(), now);
  }

  /** In how many nanoseconds limits allow more; the maximum = that is not known. */
  long lookAgainIn() {
    return scope.lookAgainIn();
  }

  /** A queue that is asked for jobs, and how many more there is room for. */
  private static final class Turn {

    final QueueBuffer buffer;
    final QueueTurn turn;
    int room;

    Turn(QueueBuffer buffer, QueueTurn turn, int room) {
      this.buffer = buffer;
      this.turn = turn;
      this.room = room;
    }
  }

  /** Takes as many as are asked for, or as there are. */
  List<Job> take() {
    List<Turn> busy = busy();
    while (hasRoom() && !busy.isEmpty()) {
      int unserved = busy.stream().mapToInt(turn -> turn.turn.weight()).sum();
      for (Iterator<Turn> turns = busy.iterator(); turns.hasNext() && hasRoom(); ) {
        Turn turn = turns.next();
        int left = request.limit() - taken.size();
        int weight = turn.turn.weight();
        int share = (int) (((long) left * weight + unserved - 1) / unserved);
        unserved -= weight;
        if (!take(turn, share)) {
          turns.remove();
        }
        buffers.served(turn.buffer);
        buffers.fillIfWanted(turn.buffer);
      }
    }
    return taken;
  }

  private boolean hasRoom() {
    return taken.size() < request.limit() && chars < MOST_CHARS;
  }

  private List<Turn> busy() {
    Map<String, QueueTurn> turns = LinkedHashMap.newLinkedHashMap(request.turns().size());
    request.turns().forEach(turn -> turns.put(turn.queue(), turn));
    List<Turn> busy = new ArrayList<>();
    for (QueueBuffer buffer : buffers.all()) {
      if (request.queues().isEmpty() || request.queues().contains(buffer.queue)) {
        int room = buffer.jobs() == 0 ? 0 : request.room().of(buffer.queue);
        if (room > 0 && mayTake(buffer.best(scope))) {
          QueueTurn usual = new QueueTurn(buffer.queue, 1);
          busy.add(new Turn(buffer, turns.getOrDefault(buffer.queue, usual), room));
        }
        buffers.fillIfWanted(buffer); // now it is known which groups are held back
      }
    }
    if (!turns.isEmpty()) {
      List<QueueTurn> order = request.turns();
      busy.sort(Comparator.comparingInt(each -> order.indexOf(each.turn)));
    }
    return busy;
  }

  private boolean mayTake(@Nullable Entry entry) {
    return entry != null && scope.queueAllows(entry);
  }

  /** Takes up to so many jobs of a queue; false = it has no more to give. */
  private boolean take(Turn turn, int most) {
    int count = Math.min(most, turn.room);
    turn.room -= count;
    for (int i = 0; i < count && hasRoom(); i++) {
      Entry entry = turn.buffer.best(scope);
      if (entry == null || !scope.queueAllows(entry)) {
        return false;
      }
      Job job = buffers.take(entry, request.worker(), until, scope.now());
      taken.add(job);
      chars += job.spec().payload().length();
    }
    return turn.room > 0;
  }
}
