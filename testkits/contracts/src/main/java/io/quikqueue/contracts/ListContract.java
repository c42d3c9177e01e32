package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about lists. */
abstract class ListContract extends SaveContract {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 500})
  void aListShowsEveryJobOnceNewestFirst(int limit) {
    List<Job> all = new ArrayList<>(jobs.queuedJobs(30));
    Collections.shuffle(all, new Random(limit));
    submitted(all.subList(0, 13));
    submitted(all.subList(13, 30));
    all.sort((a, b) -> b.id().compareTo(a.id()));

    assertThat(listed(new JobQuery(null, null, null, Map.of(), null, limit)))
        .isEqualTo(summaries(all));
    assertThat(listed(new JobQuery(null, null, null, Map.of(), all.get(9).id(), limit)))
        .isEqualTo(summaries(all.subList(10, 30)));
    assertThat(listed(new JobQuery(null, null, null, Map.of(), all.getLast().id(), limit)))
        .isEmpty();
  }

  @Test
  void aListOfAnEmptyStoreIsEmpty() {
    assertThat(allJobs()).isEmpty();
    assertThat(listed(new JobQuery(JobState.DONE, "q", "t", Map.of("a", "b"), null, 10))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aListCanBeOfOneState(JobState state) {
    for (JobState each : JobState.values()) {
      stored(jobs.aJob(), each);
      stored(jobs.aJob(), each);
    }
    expect(new JobQuery(state, null, null, Map.of(), null, 5), 2, job -> job.state() == state);
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "DONE"})
  void aListOfOneStateIsNewestFirstAcrossQueuesAndPriorities(JobState state) {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Job job = stored(jobs.aJob().queue("q" + i % 3).priority(i * 7 % 10), state);
      all.addFirst(job);
    }
    stored(jobs.aJob().queue("q1"), JobState.RUNNING);

    assertThat(listed(new JobQuery(state, null, null, Map.of(), null, 7)))
        .isEqualTo(summaries(all));
    assertThat(listed(new JobQuery(state, null, null, Map.of(), all.get(9).id(), 7)))
        .isEqualTo(summaries(all.subList(10, 60)));
    assertThat(listed(new JobQuery(state, "q1", null, Map.of(), null, 7)))
        .isEqualTo(summaries(all.stream().filter(job -> job.spec().queue().equals("q1")).toList()));
  }

  @Test
  void aListCanBeOfAQueueATypeAndLabels() {
    for (String queue : List.of("a", "b", "a.b")) {
      for (String type : List.of("echo", "Echo", "ECHO")) {
        for (String value : List.of("x", "X", "x ", "é", "e", "", "%", "🎉")) {
          submitted(jobs.aJob().queue(queue).type(type).label("l", value).label("m", "n").queued());
        }
        submitted(jobs.aJob().queue(queue).type(type).label("L", "x").queued());
        submitted(jobs.aJob().queue(queue).type(type).queued());
      }
    }

    expect(query("a", null, Map.of()), 30, job -> job.spec().queue().equals("a"));
    expect(query(null, "Echo", Map.of()), 30, job -> job.spec().type().equals("Echo"));
    for (String value : List.of("x", "X", "x ", "é", "e", "", "%", "🎉")) {
      expect(query(null, null, Map.of("l", value)), 9, has("l", value));
    }
    expect(query(null, null, Map.of("m", "n")), 72, has("m", "n"));
    expect(query(null, null, Map.of("L", "x")), 9, has("L", "x"));
    expect(query("b", "echo", Map.of("m", "n", "l", "x")), 1, job -> true);
    expect(query("b", "echo", Map.of("m", "other", "l", "x")), 0, job -> true);
    expect(query("none", null, Map.of()), 0, job -> true);
  }

  @Test
  void aListCanBeOfWhatIsWithinAScope() {
    for (String queue : List.of("a", "b", "ab", "b_c", "bxc")) {
      for (String type : List.of("echo", "Echo", "http")) {
        for (int i = 0; i < 4; i++) {
          submitted(jobs.aJob().queue(queue).type(type).queued());
        }
      }
    }
    JobQuery all = query(null, null, Map.of());

    expect(within(all, Set.of("a"), Set.of("*")), 12, of(Set.of("a")));
    expect(within(all, Set.of("a*"), Set.of("*")), 24, of(Set.of("a", "ab")));
    expect(within(all, Set.of("b_*", "a"), Set.of("*")), 24, of(Set.of("a", "b_c")));
    expect(within(all, Set.of("*"), Set.of("e*")), 20, job -> job.spec().type().equals("echo"));
    expect(within(all, Set.of("a", "b"), Set.of("http")), 8, of(Set.of("a", "b")));
    expect(within(query("b", null, Map.of()), Set.of("a"), Set.of("*")), 0, job -> true);
    expect(all.within(Scope.NONE), 0, job -> true);
  }

  private static JobQuery within(JobQuery query, Set<String> queues, Set<String> types) {
    return query.within(new Scope(queues, types));
  }

  private static Predicate<Job> of(Set<String> queues) {
    return job -> queues.contains(job.spec().queue());
  }

  static List<Job> summaries(List<Job> jobs) {
    return jobs.stream().map(Job::summary).toList();
  }

  private void expect(JobQuery query, int count, Predicate<Job> matches) {
    assertThat(listed(query)).hasSize(count).allMatch(matches).doesNotHaveDuplicates();
  }

  static JobQuery query(@Nullable String queue, @Nullable String type, Map<String, String> labels) {
    return new JobQuery(null, queue, type, labels, null, 7);
  }

  private static Predicate<Job> has(String label, String value) {
    return job -> Objects.equals(job.spec().labels().get(label), value);
  }
}
