package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.ItemPayloads;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the results of other nodes into the payloads of nodes that refer to them, when an attempt is
 * made: a payload as it is stored and shown has the references. Jobs without references are not
 * looked at.
 */
final class NodePayloads {

  /** Characters that a payload may have with the results in it. */
  static final int MOST_CHARS = 1 << 20;

  /** Characters of the results that one payload refers to. */
  private static final long MOST_RESULTS = 16L << 20;

  private final Workflows workflows;
  private final ResultsOfNodes results;
  private final Consumer<JobSpec> check;
  private final NodeSpawner spawner;

  /**
   * @param check of a payload with the results in it; throws {@link InvalidPayloadException}
   * @param spawner makes nodes for the items of a list
   */
  NodePayloads(Workflows workflows, Consumer<JobSpec> check, NodeSpawner spawner) {
    this.workflows = workflows;
    this.results = new ResultsOfNodes(workflows);
    this.check = check;
    this.spawner = spawner;
  }

  /**
   * A job as its handler gets it.
   *
   * @param problem why it cannot run; null = it can
   * @param sealed a result that it refers to and that cannot be opened here; null = there is none
   * @param items the nodes that it adds instead of running; null = it runs
   */
  record Resolved(
      Job job,
      @Nullable String problem,
      @Nullable String sealed,
      @Nullable List<SpawnedNode> items) {

    private static Resolved runs(Job job) {
      return new Resolved(job, null, null, null);
    }

    private static Resolved failed(Job job, String problem) {
      return new Resolved(job, problem, null, null);
    }

    /** The length of the texts that come with it. */
    long chars() {
      return job.chars() + (items == null ? 0 : AttemptSpawns.weight(items));
    }
  }

  /**
   * The job with its references resolved, or the nodes that it adds for the items of its list.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  Resolved resolve(Job job, Instant now) {
    NodeRef node = job.spec().node();
    if (node == null || !node.refers()) {
      return Resolved.runs(job);
    }
    ForEach forEach = node.forEach();
    String payload = job.spec().payload();
    Set<Reference> references = new LinkedHashSet<>();
    if (forEach != null) {
      add(forEach.from(), references);
    }
    References.in(payload).forEach(place -> add(place.text(), references));
    NodeResults known = results.read(node.workflow(), references, MOST_RESULTS);
    if (known == null) {
      return Resolved.failed(job, "$from: the results that it refers to are too large together");
    }
    for (String result : known.texts().values()) {
      if (SealedText.isSealed(result)) {
        return new Resolved(job, null, result, null);
      }
    }
    try {
      return forEach == null
          ? Resolved.runs(resolved(job, known))
          : new Resolved(job, null, null, items(job, forEach, room(node.workflow()), known, now));
    } catch (InvalidPayloadException e) {
      String where = e.pointer().isEmpty() ? "" : " at " + e.pointer();
      return Resolved.failed(
          job,
          "with the results in it the payload does not fit its type" + where + ": " + e.problem());
    } catch (InvalidFieldException e) {
      return Resolved.failed(job, e.field() + " " + e.problem());
    } catch (UnresolvedException e) {
      return Resolved.failed(job, String.valueOf(e.getMessage()));
    }
  }

  private static void add(String text, Set<Reference> references) {
    Reference reference = Reference.parse(text);
    if (reference != null && !reference.isOfItem()) {
      references.add(reference);
    }
  }

  private Job resolved(Job job, NodeResults known) throws UnresolvedException {
    String resolved =
        References.resolve(job.spec().payload(), known.texts(), known.missing(), MOST_CHARS);
    JobSpec whole = job.spec().toBuilder().payload(resolved).build();
    check.accept(whole);
    return job.toBuilder().spec(whole).build();
  }

  /**
   * For how many nodes a workflow has room at most, so that none are made for nothing; the store
   * knows for sure. In a later generation those that were added before have their places already.
   */
  private int room(WorkflowId id) {
    WorkflowView view = workflows.find(id).orElse(null);
    return view == null || view.generation() > 1
        ? WorkflowSpec.MOST_NODES
        : WorkflowSpec.MOST_NODES - view.nodes();
  }

  private List<SpawnedNode> items(
      Job job, ForEach forEach, int room, NodeResults known, Instant now)
      throws UnresolvedException {
    List<String> payloads =
        ItemPayloads.of(
            job.spec().payload(), forEach, known.texts(), known.missing(), room, MOST_CHARS);
    return spawner.forItems(job, forEach, payloads, now);
  }
}
