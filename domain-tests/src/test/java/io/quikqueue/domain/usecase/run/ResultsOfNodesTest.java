package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.workflow.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultsOfNodesTest {

  private static final String LONG = "\"" + "x".repeat(60) + "\"";

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final NewWorkflow made =
      NewWorkflows.of(
          world.jobs,
          NewWorkflows.node("list"),
          NewWorkflows.forEach("small", "list", 10, "list"),
          NewWorkflows.node("plain"));
  private final ResultsOfNodes results = new ResultsOfNodes(world.memory.workflows());

  @Test
  void aListIsTheResultsOfItsNodesInOrderAndNullForThoseThatHaveNone() {
    expanded("1", null, "{\"a\":3}");

    assertThat(read(1_000, "small"))
        .isEqualTo(new NodeResults(Map.of("small", "[1,null,{\"a\":3}]"), Map.of()));
  }

  @Test
  void ofAListOnlyTheItemsAreReadThatAreReferredTo() {
    expanded(LONG, "2", LONG);

    assertThat(read(100, "small.1", "small.9", "small.name", "small.999999999999"))
        .isEqualTo(new NodeResults(Map.of("small", "[null,2,null]"), Map.of()));
    assertThat(known(100, "small.1", "small")).isNull();
    assertThat(known(100, "small.0", "small.2")).isNull();
  }

  @Test
  void anItemThatIsDeletedOrClosedIsInTheWayOfItsReadersAlone() {
    List<Job> nodes = expanded("1", SealedText.of("old", "AAAA"), "3");
    world.memory.deleteEnded(List.of(nodes.getFirst().id()));

    assertThat(read(1_000, "small.2").missing()).isEmpty();
    assertThat(read(1_000, "small.2").texts()).containsEntry("small", "[null,null,3]");
    assertThat(read(1_000, "small.1.x").texts())
        .containsEntry("small", SealedText.of("old", "AAAA"));
    assertThat(read(1_000, "small.0").missing())
        .isEqualTo(Map.of("small", "the job of node small:0 has been deleted"));
  }

  @Test
  void otherNodesAreReadAsTheyAre() {
    expanded("1");
    done(2, "{\"0\":7}");

    assertThat(read(1_000, "plain.0", "small.0", "none"))
        .isEqualTo(new NodeResults(Map.of("plain", "{\"0\":7}", "small", "[1]"), Map.of()));
  }

  private NodeResults read(long most, String... references) {
    return Objects.requireNonNull(known(most, references));
  }

  private @Nullable NodeResults known(long most, String... references) {
    List<Reference> parsed = new ArrayList<>();
    for (String each : references) {
      parsed.add(Objects.requireNonNull(Reference.parse(each)));
    }
    return results.read(made.id(), parsed, most);
  }

  /** The nodes of the list, which ended with these results; null = it failed. */
  private List<Job> expanded(@Nullable String... ends) {
    world.memory.workflows().submit(made);
    done(0, "[]");
    List<SpawnedNode> nodes = new ArrayList<>();
    for (int i = 0; i < ends.length; i++) {
      Job job =
          Job.submit(world.jobs.anId(), JobSpec.of("echo", "1"), null, false, clock.instant())
              .job();
      nodes.add(new SpawnedNode(Integer.toString(i), false, job));
    }
    Job each = world.found(made.jobs().get(1).job().id());
    world.saved(each.succeed(ForEach.result(nodes.size()), null, clock.instant()).spawning(nodes));
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < ends.length; i++) {
      Job job = world.found(nodes.get(i).job().id());
      String result = ends[i];
      jobs.add(job);
      world.saved(
          result == null
              ? job.cancel(clock.instant())
              : job.succeed(result, null, clock.instant()));
    }
    return jobs;
  }

  private void done(int node, String result) {
    Job job = world.found(made.jobs().get(node).job().id());
    world.saved(job.succeed(result, null, clock.instant()));
  }
}
