package io.quikqueue.domain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GraphTest {

  @Test
  void needsAreIndexes() {
    Graph graph = Graph.of(of(node("a"), node("b", "a"), node("c", "b", "a")));

    assertThat(graph.size()).isEqualTo(3);
    assertThat(graph.needs(0)).isEmpty();
    assertThat(graph.needs(2)).containsExactly(1, 0);
  }

  @Test
  void aNodeMayBeNamedBeforeWhatItNeeds() {
    assertThat(Graph.of(of(node("b", "a"), node("a"))).needs(0)).containsExactly(1);
  }

  @Test
  void namesAreUnique() {
    assertThat(wrong(node("a"), node("b"), node("a")))
        .containsExactly(new Wrong("nodes.2.name", "is the name of another node: \"a\""));
  }

  @Test
  void needsOnNodesThatWereAddedAreBoundedTogether() {
    assertThat(Graph.grown(grown(999)).needs(1_999)).hasSize(1_001);
    assertThat(
            catchThrowableOfType(InvalidWorkflowException.class, () -> Graph.grown(grown(1_000)))
                .wrongs())
        .containsExactly(
            new Wrong(
                "nodes", "have more than 1,000,000 needs, with those on nodes that were added"));
  }

  /** Of one that a thousand others were added by, and so many that need it. */
  private static WorkflowSpec grown(int dependents) {
    List<NodeSpec> nodes = new ArrayList<>(List.of(node("a")));
    IntStream.range(0, 1_000).forEach(i -> nodes.add(node("a:" + i)));
    IntStream.range(0, dependents).forEach(i -> nodes.add(node("d" + i, "a")));
    return of(nodes.toArray(NodeSpec[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "_a", "ä", "a b", "a\n"})
  void namesHaveNoPoints(String name) {
    assertThat(wrong(node(name))).extracting(Wrong::field).containsExactly("nodes.0.name");
  }

  @Test
  void namesHaveUpTo64Characters() {
    assertThat(Graph.of(of(node("x".repeat(64)))).size()).isOne();
    assertThat(wrong(node("x".repeat(65)))).hasSize(1);
  }

  @Test
  void needsAreOtherNodesAndNoneTwice() {
    assertThat(wrong(node("a", "a"), node("b", "a", "c", "a")))
        .containsExactly(
            new Wrong("nodes.0.needs.0", "is the node itself"),
            new Wrong("nodes.1.needs.1", "is the name of no node"),
            new Wrong("nodes.1.needs.2", "is there twice"));
  }

  @Test
  void circlesAreNamed() {
    assertThat(
            wrong(node("a"), node("b", "a", "d"), node("c", "b"), node("d", "c"), node("e", "d")))
        .singleElement()
        .satisfies(
            wrong -> {
              assertThat(wrong.field()).matches("nodes\\.[123]\\.needs");
              assertThat(wrong.message()).contains("b", "c", "d").doesNotContain("e,");
            });
  }

  @Test
  void thereAreOneTo10000Nodes() {
    assertThat(wrong()).containsExactly(new Wrong("nodes", "must be 1 to 10,000"));
    assertThat(Graph.of(of(chain(10_000))).size()).isEqualTo(10_000);
    assertThat(wrong(chain(10_001))).containsExactly(new Wrong("nodes", "must be 1 to 10,000"));
  }

  @Test
  void thereAreUpTo100000Needs() {
    assertThat(Graph.of(of(layers(10_000, 9_980, 10))).size()).isEqualTo(10_000);
    assertThat(wrong(layers(10_000, 9_980, 11))).extracting(Wrong::field).contains("nodes");
  }

  /** The last ones need many, so that all have exactly 100,000 with 10 and more with 11. */
  private static NodeSpec[] layers(int nodes, int roots, int times) {
    List<NodeSpec> all = new ArrayList<>();
    for (int i = 0; i < roots; i++) {
      all.add(node("n" + i));
    }
    for (int i = roots; i < nodes; i++) {
      int many = i < roots + times ? 9_980 : 0;
      int more = i == roots + times ? times == 10 ? 200 : 0 : 0;
      all.add(
          node(
              "n" + i,
              IntStream.range(0, many + more).mapToObj(n -> "n" + n).toArray(String[]::new)));
    }
    return all.toArray(NodeSpec[]::new);
  }

  @Test
  void referencesLeadToNodesBehindNeeds() {
    assertThat(
            Graph.of(
                    of(
                        node("a"),
                        node("b", "a"),
                        refers("c", "{\"x\":{\"$from\":\"a.y.0\"}}", "b"),
                        refers("d", "[{\"$from\":\"c\"}]", "c")))
                .refers(2))
        .isTrue();
    assertThat(
            wrong(
                node("a"),
                node("b"),
                refers("c", "{\"$from\":\"b\"}", "a"),
                refers("d", "{\"$from\":\"d\"}", "a"),
                refers("e", "{\"$from\":\"nobody.x\"}", "a"),
                refers("f", "{\"$from\":\"a..x\"}", "a")))
        .extracting(Wrong::field)
        .containsExactlyInAnyOrder("nodes.4.payload", "nodes.5.payload");
    assertThat(wrong(node("a"), node("b"), refers("c", "{\"$from\":\"b\"}", "a")))
        .containsExactly(
            new Wrong("nodes.2.payload", "has a $from to \"b\", which is not behind its needs"));
  }

  @Test
  void noMoreThan20WrongsAreTold() {
    NodeSpec[] nodes =
        IntStream.range(0, 100).mapToObj(i -> node("n" + i, "?")).toArray(NodeSpec[]::new);

    assertThat(wrong(nodes)).hasSize(20);
  }

  /** The worst that fits: all needs there can be, and references that skip over nodes. */
  @Test
  void theLargestGraphIsCheckedInBoundedTime() {
    List<NodeSpec> nodes = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      int at = i;
      String[] needs =
          random
              .ints(10, 0, Math.max(1, i))
              .distinct()
              .limit(i)
              .mapToObj(n -> "n" + n)
              .toArray(String[]::new);
      nodes.add(refers("n" + i, at == 0 ? "1" : "{\"$from\":\"n0\"}", needs));
    }
    Collections.shuffle(nodes, random);

    List<Wrong> wrongs;
    try {
      Graph.of(of(nodes.toArray(NodeSpec[]::new)));
      wrongs = List.of();
    } catch (InvalidWorkflowException e) {
      wrongs = e.wrongs();
    }

    assertThat(wrongs).hasSizeLessThanOrEqualTo(20);
  }

  private static List<Wrong> wrong(NodeSpec... nodes) {
    return catchThrowableOfType(InvalidWorkflowException.class, () -> Graph.of(of(nodes))).wrongs();
  }

  private static NodeSpec[] chain(int nodes) {
    return IntStream.range(0, nodes)
        .mapToObj(i -> i == 0 ? node("n0") : node("n" + i, "n" + (i - 1)))
        .toArray(NodeSpec[]::new);
  }

  private static WorkflowSpec of(NodeSpec... nodes) {
    return new WorkflowSpec("test", OnFailure.FINISH_BRANCHES, List.of(nodes));
  }

  private static NodeSpec node(String name, String... needs) {
    return refers(name, "1", needs);
  }

  private static NodeSpec refers(String name, String payload, String... needs) {
    return new NodeSpec(
        name, JobSpec.of("echo", payload), null, List.of(needs), RunIf.ALL_SUCCEEDED, false);
  }
}
