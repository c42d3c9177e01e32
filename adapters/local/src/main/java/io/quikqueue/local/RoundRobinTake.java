package io.quikqueue.local;

import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.TakeRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** One take: queues in turn, the one served longest ago first, each give their share. */
final class RoundRobinTake {

  private final Window window;
  private final TakeRequest request;
  private final long until;
  private final List<JobMessage> taken = new ArrayList<>();

  /**
   * @param until when the leases of what is taken go silent
   */
  RoundRobinTake(Window window, TakeRequest request, long until) {
    this.window = window;
    this.request = request;
    this.until = until;
  }

  /** A queue that is asked for jobs, and how many more there is room for. */
  private static final class Turn {

    final Line line;
    int room;

    Turn(Line line, int room) {
      this.line = line;
      this.room = room;
    }
  }

  /** Takes as many as are asked for, or as there are. */
  List<JobMessage> take() {
    List<Turn> busy = busy();
    while (taken.size() < request.limit() && !busy.isEmpty()) {
      int unserved = busy.size();
      for (Iterator<Turn> turns = busy.iterator();
          turns.hasNext() && taken.size() < request.limit(); ) {
        Turn turn = turns.next();
        int left = request.limit() - taken.size();
        int share = (left + unserved - 1) / unserved;
        unserved--;
        if (!take(turn, share)) {
          turns.remove();
        }
        window.served(turn.line);
        window.fillIfWanted(turn.line);
      }
    }
    return taken;
  }

  private List<Turn> busy() {
    List<Turn> busy = new ArrayList<>();
    for (Line line : window.lines()) {
      if (request.queues().isEmpty() || request.queues().contains(line.queue)) {
        window.fillIfWanted(line);
        int room = line.jobs() == 0 ? 0 : request.room().of(line.queue);
        if (room > 0 && line.best(request.types()) != null) {
          busy.add(new Turn(line, room));
        }
      }
    }
    return busy;
  }

  /** Takes up to so many jobs of a queue; false = it has no more to give. */
  private boolean take(Turn turn, int most) {
    int count = Math.min(most, turn.room);
    turn.room -= count;
    for (int i = 0; i < count; i++) {
      Entry entry = turn.line.best(request.types());
      if (entry == null) {
        return false;
      }
      taken.add(window.lease(entry, request.worker(), until));
    }
    return turn.room > 0;
  }
}
