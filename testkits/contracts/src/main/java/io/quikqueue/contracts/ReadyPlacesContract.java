package io.quikqueue.contracts;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.ReadyPlaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link ReadyPlaces} guarantees: its places are the order in which jobs are taken. */
public abstract class ReadyPlacesContract extends ReadyQueueContract {

  @Test
  void aJobComesAfterThoseOfBetterPriorityAndEarlierArrival() {
    Job first = message("a", 5);
    Job second = message("a", "other", 5);
    Job best = message("a", 0);
    Job last = message("a", 9);

    push(last, first, second, best, message("b", 0));

    assertThat(before(best)).hasValue(0);
    assertThat(before(first)).hasValue(1);
    assertThat(before(second)).hasValue(2);
    assertThat(before(last)).hasValue(3);
  }

  @Test
  void onlyJobsOfTheSameGroupCount() {
    Job alone = message("a", 5);
    Job red1 = ofGroup("a", "red", 5);
    Job red2 = ofGroup("a", "red", 5);
    Job blue = ofGroup("a", "blue", 5);

    push(ofGroup("a", "red", 9), red1, ofGroup("b", "red", 0), red2, blue, alone);

    assertThat(before(red1)).hasValue(0);
    assertThat(before(red2)).hasValue(1);
    assertThat(before(blue)).hasValue(0);
    assertThat(before(alone)).hasValue(0);
  }

  @Test
  void nothingComesBeforeAJobThatAWorkerHasOrHad() throws Exception {
    Job job = message("a", 5);
    push(message("a", 0), job);
    take("w", 2);
    push(message("a", 0));

    assertThat(before(job)).hasValue(0);

    queue.ack(List.of(id(job)));
    assertThat(before(job)).hasValue(0);
  }

  @Test
  void whatIsNotKnownHasNoPlace() {
    Job job = message("a", 5);
    push(message("a", 5), job);

    assertThat(before(message("a", 5))).isEmpty();
    assertThat(before(message("empty", 5))).isEmpty();
    assertThat(before(later(job))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theJobsOfAGroupAreTakenInTheOrderOfTheirPlaces(long seed) throws Exception {
    Random random = new Random(seed);
    List<Job> known = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      List<Job> pushed = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        pushed.add(any(random));
      }
      push(pushed);
      known.addAll(pushed);
      List<Job> taken = take("w", 1 + random.nextInt(6));
      List<Job> released = taken.stream().filter(_ -> random.nextBoolean()).toList();
      queue.release("w", released);
      known.removeIf(job -> taken.contains(job) && !released.contains(job));
    }
    Map<Job, Long> places = new HashMap<>();
    known.forEach(job -> places.put(job, before(job).orElseThrow()));

    List<Job> taken = take("w", known.size());

    assertThat(taken).containsExactlyInAnyOrderElementsOf(known);
    taken.stream()
        .collect(groupingBy(ReadyPlacesContract::group))
        .values()
        .forEach(
            jobs ->
                assertThat(jobs)
                    .extracting(places::get)
                    .containsExactlyElementsOf(LongStream.range(0, jobs.size()).boxed().toList()));
  }

  static LongStream seeds() {
    return Seeds.of(10);
  }

  private Job any(Random random) {
    String group = List.of("", "red", "blue").get(random.nextInt(3));
    String type = List.of("echo", "mail", "resize").get(random.nextInt(3));
    return ofGroup("a", type, group.isEmpty() ? null : group, random.nextInt(3));
  }

  private Job ofGroup(String queueName, String group, int priority) {
    return ofGroup(queueName, "echo", group, priority);
  }

  private Job ofGroup(String queueName, String type, @Nullable String group, int priority) {
    JobSpec spec =
        JobSpec.builder(type, "{}").queue(queueName).priority(priority).group(group).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static String group(Job job) {
    return Objects.requireNonNullElse(job.spec().group(), "");
  }

  private OptionalLong before(Job job) {
    return ((ReadyPlaces) queue).before(id(job));
  }
}
