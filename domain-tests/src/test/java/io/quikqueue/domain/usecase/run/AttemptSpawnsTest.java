package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptSpawnsTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final NodeSpawner spawner =
      new NodeSpawner(
          new JobIds(clock, new Random(1)::nextLong),
          new Admission(
              world.memory,
              world.memory,
              new PayloadChecks(world.memory, Map.of(), _ -> _ -> {}, Redaction.usual(), () -> 0),
              Set.of("echo"),
              Duration.ofHours(6),
              _ -> {},
              () -> 0),
          () ->
              new PolicyTable(
                  1,
                  Map.of("echo", new PolicyOptions(new RetryOptions(9, null, null, null), null)),
                  Map.of()),
          () -> LimitTable.EMPTY);
  private final AttemptSpawns spawns = new AttemptSpawns(job(true), spawner);

  @Test
  void nodesAreNamedByTheirPlaceOrThemselves() {
    add(asks(null), asks("b"));
    add(asks(null));

    assertThat(spawns.all()).extracting(SpawnedNode::name).containsExactly("0", "b", "2");
  }

  @Test
  void theyFollowThePoliciesInForceAndTheTraceOfTheirAdder() {
    Instant later = clock.instant().plusSeconds(60);
    spawns.add(
        List.of(asks("a"), new SpawnRequest("b", JobSpec.of("echo", "2"), later, true)),
        clock.instant());

    Job first = spawns.all().get(0).job();
    assertThat(first.spec().policy().maxAttempts()).isEqualTo(9);
    assertThat(first.spec().traceparent()).isEqualTo(TRACE);
    assertThat(first.state()).isEqualTo(JobState.QUEUED);
    assertThat(spawns.all().get(1).optional()).isTrue();
    assertThat(spawns.all().get(1).job().state()).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void whatIsWrongWithOneIsNamedAndNoneIsAdded() {
    add(asks("a"));

    refused("spawn.1.name", asks("b"), asks("b"));
    refused("spawn.0.name", asks("a"));
    refused("spawn.0.name", asks("a:b"));
    refused("spawn.0.name", asks("n".repeat(65)));
    refused("spawn.1.type", asks("b"), new SpawnRequest("c", JobSpec.of("no", "1"), null, false));
    assertThat(spawns.all()).hasSize(1);
    add(asks("n".repeat(64)));
    assertThat(spawns.all()).hasSize(2);
  }

  @Test
  void aThousandAreAddedAndNotOneMore() {
    spawns.add(Collections.nCopies(999, asks(null)), clock.instant());
    refused("spawn", asks(null), asks(null));
    add(asks(null));
    refused("spawn", asks(null));

    assertThat(spawns.all()).hasSize(SpawnedNode.MOST);
  }

  @Test
  void theirPayloadsAreBoundedTogether() {
    SpawnRequest large =
        new SpawnRequest(
            null, JobSpec.of("echo", '"' + "x".repeat((1 << 20) - 2) + '"'), null, false);
    add(large, large, large);
    add(large);

    assertThat(AttemptSpawns.chars(spawns.all())).isEqualTo(SpawnedNode.MOST_CHARS);
    refused("spawn", asks(null));
  }

  @Test
  void aJobThatIsNoNodeAddsNone() {
    AttemptSpawns none = new AttemptSpawns(job(false), spawner);

    none.add(List.of(), clock.instant());
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> none.add(List.of(asks(null)), clock.instant()));
  }

  private Job job(boolean node) {
    NodeRef ref = new NodeRef(new WorkflowId(world.jobs.anId()), 0, false);
    JobSpec spec = JobSpec.builder("echo", "1").traceparent(TRACE).node(node ? ref : null).build();
    return Job.submit(world.jobs.anId(), spec, null, false, clock.instant()).job();
  }

  private static SpawnRequest asks(@Nullable String name) {
    return new SpawnRequest(name, JobSpec.of("echo", "1"), null, false);
  }

  private void add(SpawnRequest... nodes) {
    spawns.add(List.of(nodes), clock.instant());
  }

  private void refused(String field, SpawnRequest... nodes) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(() -> add(nodes))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }
}
