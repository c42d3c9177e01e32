package io.quikqueue.domain.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OutOfScopeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

  private static final Scope SOME = new Scope(Set.of("a", "b-*"), Set.of("Echo", "ht*"));

  @Test
  void aJobIsWithinItWhenQueueAndTypeAre() {
    assertThat(SOME.covers("a", "Echo")).isTrue();
    assertThat(SOME.covers("b-", "http")).isTrue();
    assertThat(SOME.covers("b-1", "ht")).isTrue();
    assertThat(SOME.covers("b", "Echo")).isFalse();
    assertThat(SOME.covers("a1", "Echo")).isFalse();
    assertThat(SOME.covers("a", "echo")).isFalse();
    assertThat(SOME.covers("a", "h")).isFalse();
  }

  @Test
  void allIsAllHoweverItIsSaid() {
    Scope said = new Scope(Set.of("a", "*"), Set.of("*", "echo"));
    assertThat(said).isEqualTo(Scope.ALL);
    assertThat(said.isAll()).isTrue();
    assertThat(said.coversWholeQueue("any")).isTrue();
    assertThat(Scope.NONE.covers("a", "a")).isFalse();
    assertThat(Scope.NONE.isAll()).isFalse();
    assertThat(SOME.isAll()).isFalse();
  }

  @Test
  void aQueueIsWholeForWhoHasAllTypesAlone() {
    Scope queues = new Scope(Set.of("a"), Set.of("*"));
    assertThat(queues.coversWholeQueue("a")).isTrue();
    assertThat(queues.coversWholeQueue("b")).isFalse();
    assertThat(queues.coversWholeType("echo")).isFalse();
    assertThat(SOME.coversQueue("a")).isTrue();
    assertThat(SOME.coversWholeQueue("a")).isFalse();
  }

  @Test
  void itsTextBringsItBack() {
    assertThat(Scope.parse(Scope.text(SOME.queues()), Scope.text(SOME.types()))).isEqualTo(SOME);
    assertThat(Scope.parse("", "")).isEqualTo(Scope.NONE);
    assertThatThrownBy(() -> Scope.parse("a,,b", "*")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a*b", "**", "-a", "a,b", "a b", "ä"})
  void whatIsNoPatternOfQueuesIsRefused(String pattern) {
    assertThatThrownBy(() -> new Scope(Set.of(pattern), Set.of("*")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("queues");
  }

  @Test
  void aRefusalNamesTheField() {
    assertThatThrownBy(() -> SOME.require(job("other", "Echo")))
        .isInstanceOf(OutOfScopeException.class)
        .hasMessageStartingWith("queue:");
    assertThatThrownBy(() -> SOME.require(job("a", "other")))
        .isInstanceOf(OutOfScopeException.class)
        .hasMessageStartingWith("type:");
    SOME.require(job("a", "Echo"));
    Scope.ALL.require(job("other", "other"));
  }

  @Test
  void aReachIsOfSomeKindsAtMost() {
    List<JobSpec> jobs = new ArrayList<>();
    for (int i = 0; i < Reach.MOST; i++) {
      jobs.add(job("q" + i, "t"));
      jobs.add(job("q" + i, "t"));
    }
    Reach reach = Reach.of(jobs);
    assertThat(reach).isNotNull();
    assertThat(Reach.parse(reach.text())).isEqualTo(reach);
    assertThat(new Scope(Set.of("q*"), Set.of("t")).covers(reach)).isTrue();
    assertThat(new Scope(Set.of("q1*"), Set.of("t")).covers(reach)).isFalse();
    assertThat(reach.with(List.of(job("q1", "t")))).isEqualTo(reach);
    assertThat(reach.with(List.of(job("more", "t")))).isNull();
    Reach one = new Reach(Set.of(new Reach.Kind("a", "t")));
    assertThat(one.with(List.of(job("b", "t"))))
        .isEqualTo(new Reach(Set.of(new Reach.Kind("a", "t"), new Reach.Kind("b", "t"))));
    jobs.add(job("more", "t"));
    assertThat(Reach.of(jobs)).isNull();
    assertThat(Reach.parse("")).isEqualTo(new Reach(Set.of()));
    assertThatThrownBy(() -> Reach.parse("q")).isInstanceOf(IllegalArgumentException.class);
  }

  private static JobSpec job(String queue, String type) {
    return JobSpec.builder(type, "1").queue(queue).build();
  }
}
