package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.TakeRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@link ReadyQueue} starves no group, whatever becomes of the limits meanwhile. */
public abstract class ReadyQueueFairnessContract extends ReadyQueueContract {

  private static final int GROUPS = 50;

  /** Jobs of other groups that may start while a group has some that could: two rounds. */
  private static final int LONGEST_WAIT = 2 * GROUPS;

  private int most;
  private int mostPerGroup;
  private long version;

  /** Of a group: what it has waiting and running, and since when it waits for its turn. */
  private static final class Group {
    private int waiting;
    private int running;
    private int passedOver;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noGroupOfFiftyIsExceededOrStarvedWhileLimitsChange(long seed) throws InterruptedException {
    ((ReadyQueueRebuild) queue).markRebuilt(ZERO);
    Random random = new Random(seed);
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      groups.add(new Group());
    }
    Deque<Job> running = new ArrayDeque<>();
    for (int step = 0; step < 300; step++) {
      if (step % 10 == 0) {
        most = 5 + random.nextInt(2 * GROUPS);
        mostPerGroup = 1 + random.nextInt(3);
        version++;
      }
      fill(groups, random);
      for (Job job : take(1 + random.nextInt(20))) {
        running.add(job);
        started(groups, numberOf(job), running.size(), seed);
      }
      end(groups, running, random.nextInt(20));
    }
  }

  static LongStream seeds() {
    return Seeds.of(3);
  }

  /** Some groups have far more than others. */
  private void fill(List<Group> groups, Random random) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      Group group = groups.get(i);
      int wanted = i < 5 ? 20 : 1 + random.nextInt(2);
      for (; group.waiting < wanted; group.waiting++) {
        JobSpec spec = JobSpec.builder("echo", "1").queue("q").group("group " + i).build();
        jobs.add(Job.submit(ids.next(), spec, null, false, NOW).job());
      }
    }
    push(jobs);
  }

  private void started(List<Group> groups, int number, int running, long seed) {
    Group group = groups.get(number);
    group.waiting--;
    group.running++;
    group.passedOver = 0;
    assertThat(running).as(Seeds.told(seed)).isLessThanOrEqualTo(most);
    assertThat(group.running).as(Seeds.told(seed)).isLessThanOrEqualTo(mostPerGroup);
    for (Group other : groups) {
      if (other != group && other.waiting > 0 && other.running < mostPerGroup) {
        other.passedOver++;
        assertThat(other.passedOver).as(Seeds.told(seed)).isLessThanOrEqualTo(LONGEST_WAIT);
      }
    }
  }

  private void end(List<Group> groups, Deque<Job> running, int count) {
    List<Job> ended = new ArrayList<>();
    while (ended.size() < count && !running.isEmpty()) {
      Job job = running.poll();
      groups.get(numberOf(job)).running--;
      ended.add(job);
    }
    queue.ack(ids(ended));
  }

  private List<Job> take(int limit) throws InterruptedException {
    Limits limits = new Limits(most, mostPerGroup, null, null, null, null, Map.of());
    LimitTable table = new LimitTable(version, Map.of("q", limits), Map.of());
    return take(new TakeRequest("w", ALL, ALL, limit, QueueRoom.UNLIMITED, LONG, ZERO, table));
  }

  private static int numberOf(Job job) {
    return Integer.parseInt(String.valueOf(job.spec().group()).substring("group ".length()));
  }
}
