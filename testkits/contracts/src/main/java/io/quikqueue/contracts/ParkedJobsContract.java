package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.ParkedJobs.Parked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ParkedJobs} guarantees, beside the store of which it is a part. */
public abstract class ParkedJobsContract extends StoreContract {

  private static final GroupOfQueue GROUP = new GroupOfQueue("q", "a b/c");

  private ParkedJobs parked;

  /** The port of the store that {@link #open} gave. */
  protected abstract ParkedJobs parked();

  @BeforeEach
  void openParked() {
    parked = parked();
  }

  @Test
  void theFirstAreThoseOfTheBestPriorityThenTheOldest() {
    List<Job> all = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      all.add(job("a b/c", random.nextInt(10)));
    }
    submitted(all);
    park(all);
    all.sort(Comparator.comparingInt((Job job) -> job.spec().priority()).thenComparing(Job::id));

    assertThat(jobs(parked.first(GROUP, 15))).isEqualTo(all.subList(0, 15));
    assertThat(jobs(parked.first(GROUP, 1_000))).isEqualTo(all);
    assertThat(parked.first(new GroupOfQueue("q", "a"), 10)).isEmpty();
    assertThat(parked.first(new GroupOfQueue("other", "a b/c"), 10)).isEmpty();
  }

  @Test
  void whatIsParkedTwiceIsParkedOnce() {
    Job job = job("a b/c", 5);
    submitted(job);

    park(List.of(job, job));
    park(List.of(job));

    assertThat(parked.first(GROUP, 10)).containsExactly(new Parked(job.attemptId(), 5, job));
  }

  @Test
  void aJobThatHasGoneOnIsNotShown() {
    List<Job> all = List.of(job("a b/c", 5), job("a b/c", 5), job("a b/c", 5));
    submitted(all);
    park(all);
    saved(all.get(0), Verb.CANCEL);
    Job second = saved(saved(saved(all.get(1), Verb.START), Verb.FAIL), Verb.WAKE);
    assertThat(second.state()).isEqualTo(JobState.QUEUED);

    assertThat(parked.first(GROUP, 10))
        .containsExactly(
            new Parked(all.get(0).attemptId(), 5, null),
            new Parked(all.get(1).attemptId(), 5, null),
            new Parked(all.get(2).attemptId(), 5, all.get(2)));
  }

  @Test
  void onlyWhatIsRemovedGoes() {
    List<Job> all = List.of(job("a b/c", 5), job("a b/c", 5), job("a b/c", 5));
    submitted(all);
    park(all);
    List<Parked> first = parked.first(GROUP, 2);

    parked.remove(GROUP, first);
    parked.remove(GROUP, first);
    parked.remove(GROUP, List.of());

    assertThat(jobs(parked.first(GROUP, 10))).containsExactly(all.get(2));
  }

  @Test
  void groupsAreListedOnceEachWithoutCase() {
    List<Job> all = new ArrayList<>();
    for (String group : List.of("b", "a", "A", "a", "c", "ä")) {
      all.add(job(group, all.size()));
    }
    Job elsewhere = jobs.aJob().queue("z").group("a").queued();
    all.add(elsewhere);
    submitted(all);
    park(all);

    List<GroupOfQueue> groups = new ArrayList<>();
    for (List<GroupOfQueue> page = parked.groups(null, 2);
        !page.isEmpty();
        page = parked.groups(page.getLast(), 2)) {
      groups.addAll(page);
    }

    assertThat(groups)
        .containsExactly(
            new GroupOfQueue("q", "A"),
            new GroupOfQueue("q", "a"),
            new GroupOfQueue("q", "b"),
            new GroupOfQueue("q", "c"),
            new GroupOfQueue("q", "ä"),
            new GroupOfQueue("z", "a"));
  }

  @Test
  void aScanFindsAJobBehindThousandsThatAreParked() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 4_100; i++) {
      all.add(job("a b/c", 5));
    }
    for (int from = 0; from < all.size(); from += 500) {
      submitted(all.subList(from, Math.min(from + 500, all.size())));
    }
    for (int from = 0; from < all.size() - 1; from += 500) {
      park(all.subList(from, Math.min(from + 500, all.size() - 1)));
    }

    assertThat(stores.active().scan(JobState.QUEUED, null, 10)).containsExactly(all.getLast());
    assertThat(stores.active().scan(JobState.QUEUED, all.getLast().id(), 10)).isEmpty();
  }

  @Test
  void aScanPassesOverParkedJobs() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(job("a b/c", 5));
    }
    submitted(all);
    park(all.subList(1, 5));
    Job later = saved(saved(saved(all.get(2), Verb.START), Verb.FAIL), Verb.WAKE);
    Job running = saved(all.get(3), Verb.START);

    assertThat(stores.active().scan(JobState.QUEUED, null, 10))
        .as("a row is for one attempt")
        .containsExactly(all.get(0), later, all.get(5));
    assertThat(stores.active().scan(JobState.RUNNING, null, 10)).containsExactly(running);
  }

  private Job job(String group, int priority) {
    return jobs.aJob().queue("q").group(group).priority(priority).queued();
  }

  private void park(List<Job> all) {
    parked.park(all.stream().map(Envelope::of).toList());
  }

  private static List<Job> jobs(List<Parked> rows) {
    return rows.stream().map(row -> Objects.requireNonNull(row.job())).toList();
  }
}
